using System.Text;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Tests.Lambda.Http;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>The order of the chain, and keys on their way from a real file or socket into a signature.</summary>
public sealed class CredentialChainTests : IAsyncDisposable
{
    private readonly KeyServer _server = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Dictionary<string, string> _environment = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        CredentialFiles.Remove();
        await _server.DisposeAsync();
    }

    private string? Variable(string name) => _environment.GetValueOrDefault(name);

    private async Task<string> IdAsync(string? profile = null)
    {
        using var chain = new CredentialChain(profile, Variable, _clock);
        return (await chain.GetAsync(Cancellation)).AccessKeyId;
    }

    [Fact]
    public async Task Each_place_comes_before_those_behind_it()
    {
        await File.WriteAllTextAsync(CredentialFiles.Credentials, """
            [default]
            aws_access_key_id = OF-DEFAULT
            aws_secret_access_key = s3cret
            [named]
            aws_access_key_id = OF-NAMED
            aws_secret_access_key = s3cret
            """, Cancellation);
        await File.WriteAllTextAsync(CredentialFiles.Configuration, """
            [profile other]
            aws_access_key_id = OF-OTHER
            aws_secret_access_key = s3cret
            aws_session_token = t0ken
            """, Cancellation);
        _environment["AWS_ACCESS_KEY_ID"] = "OF-ENVIRONMENT";
        _environment["AWS_SECRET_ACCESS_KEY"] = "s3cret";
        _environment["AWS_PROFILE"] = "other";
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(_server.Address, "/container").ToString();
        _environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = _server.Address.ToString();
        Assert.Equal("OF-NAMED", await IdAsync("named"));
        Assert.Equal("OF-ENVIRONMENT", await IdAsync());
        _environment.Remove("AWS_ACCESS_KEY_ID");
        Assert.Equal("OF-OTHER", await IdAsync());
        _environment.Remove("AWS_PROFILE");
        Assert.Equal("OF-DEFAULT", await IdAsync());
        Assert.Empty(_server.Requests);
        CredentialFiles.Remove();
        Assert.Equal("AKID1", await IdAsync());
        Assert.Equal(["GET /container"], _server.Asked);
        _environment.Remove("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        Assert.Equal("AKID2", await IdAsync());
        Assert.Equal("GET /latest/meta-data/iam/security-credentials/shop-role", _server.Asked.Last());
    }

    [Fact]
    public async Task A_default_profile_that_only_names_a_Region_has_no_keys()
    {
        await File.WriteAllTextAsync(CredentialFiles.Configuration, "[default]\nregion = eu-central-1\n", Cancellation);
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(_server.Address, "/container").ToString();
        Assert.Equal("AKID1", await IdAsync());
    }

    [Fact]
    public async Task What_is_named_and_cannot_be_had_is_an_error_and_no_other_name_is_taken()
    {
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(_server.Address, "/container").ToString();
        await RefusedAsync("the profile nobody, which the configuration's lambda.profile names, is neither in", "nobody");
        _environment["AWS_PROFILE"] = "nobody";
        await RefusedAsync("the profile nobody, which AWS_PROFILE names, is neither in");
        await File.WriteAllTextAsync(CredentialFiles.Configuration, "[profile nobody]\nregion = eu-central-1\n", Cancellation);
        await RefusedAsync("the profile nobody, which AWS_PROFILE names, says neither keys nor how to get some");
        _environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
        await RefusedAsync("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
        _environment["AWS_ACCESS_KEY_ID"] = "AKID";
        await RefusedAsync("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
        Assert.Empty(_server.Requests);

        async Task RefusedAsync(string message, string? profile = null) =>
            Assert.StartsWith(message, (await Assert.ThrowsAsync<CredentialException>(() => IdAsync(profile))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_s_process_gives_keys()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("keys"), """echo '{"Version":1,"AccessKeyId":"OF-PROCESS","SecretAccessKey":"s3cret"}'""", Cancellation);
        await File.WriteAllTextAsync(CredentialFiles.Configuration, $"[profile process]\ncredential_process = /bin/sh {folder.At("keys")}\n", Cancellation);
        Assert.Equal("OF-PROCESS", await IdAsync("process"));
    }

    [Fact]
    public async Task A_file_that_changes_counts()
    {
        _environment["AWS_PROFILE"] = "default";
        using var chain = new CredentialChain(null, Variable, _clock);
        foreach (string id in (string[])["FIRST", "SECOND"])
        {
            await File.WriteAllTextAsync(CredentialFiles.Credentials, $"[default]\naws_access_key_id = {id}\naws_secret_access_key = s3cret\n", Cancellation);
            File.SetLastWriteTimeUtc(CredentialFiles.Credentials, (id == "FIRST" ? _clock.GetUtcNow() : _clock.GetUtcNow().AddSeconds(1)).UtcDateTime);
            Assert.Equal(id, (await chain.GetAsync(Cancellation)).AccessKeyId);
        }
    }

    [Theory]
    [InlineData("AWS_CONTAINER_CREDENTIALS_FULL_URI", 1)]
    [InlineData("AWS_EC2_METADATA_SERVICE_ENDPOINT", 3)]
    public async Task Keys_are_kept_until_five_minutes_before_their_end(string variable, int requests)
    {
        _environment[variable] = _server.Address.ToString();
        _environment["AWS_METADATA_SERVICE_TIMEOUT"] = "60";
        _server.End = _clock.GetUtcNow().AddHours(1);
        using var chain = new CredentialChain(null, Variable, _clock);
        AwsKeys first = await chain.GetAsync(Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(54));
        Assert.Same(first, await chain.GetAsync(Cancellation));
        Assert.Equal(requests, _server.Requests.Count);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _server.End = _clock.GetUtcNow().AddHours(1);
        Assert.Equal("AKID2", (await chain.GetAsync(Cancellation)).AccessKeyId);
        chain.Forget();
        Assert.Equal("AKID3", (await chain.GetAsync(Cancellation)).AccessKeyId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_that_Lambda_calls_expired_are_fetched_anew_once_for_all_who_wait(bool stream)
    {
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(_server.Address, "/container").ToString();
        await using ScriptedServer lambda = LambdaFor("AKID2", stream);
        using LambdaClient client = Connect(lambda);
        int[] retries = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var observer = new Observer();
            LambdaCall call = ClientBench.Call() with { Observer = observer };
            if (stream) await using (await client.InvokeStreamingAsync(call, Cancellation)) { }
            else Assert.Equal("1", Encoding.UTF8.GetString((await client.InvokeAsync(call, Cancellation)).Payload.Span));
            return observer.Retries;
        }));
        Assert.Equal(2, _server.Given);
        Assert.All(retries, static count => Assert.InRange(count, 0, 1));
        Assert.Equal(lambda.Requests.Count - 20, retries.Sum());
        Assert.All(lambda.Requests.GroupBy(static request => request.Headers["X-Amz-Security-Token"]), static same => Assert.InRange(same.Count(), 1, 20));
        int before = lambda.Requests.Count;
        await client.InvokeAsync(ClientBench.Call(), Cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.Equal(before + 1, lambda.Requests.Count);
    }

    [Fact]
    public async Task Keys_that_stay_refused_are_sent_twice_and_told_without_what_is_secret_of_them()
    {
        _environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = new Uri(_server.Address, "/container").ToString();
        await using ScriptedServer lambda = LambdaFor("nobody", stream: false);
        using LambdaClient client = Connect(lambda);
        LambdaRefusedException refused = await Assert.ThrowsAsync<LambdaRefusedException>(() => client.InvokeAsync(ClientBench.Call(), Cancellation));
        Assert.Equal((403, "ExpiredTokenException", 2), (refused.StatusCode, refused.ErrorType, lambda.Requests.Count));
        Assert.DoesNotContain("t0ken", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.Message, StringComparison.Ordinal);
        Assert.Contains("The security token … is expired", refused.Message, StringComparison.Ordinal);
    }

    private LambdaClient Connect(ScriptedServer lambda) => LambdaClient.Create(
        ClientBench.Plain with { Endpoint = lambda.Address, Region = "eu-central-1" }, Variable, new RecordingLogger(), TimeProvider.System);

    /// <summary>A Lambda that takes one key only, and quotes the others in its refusal.</summary>
    private static ScriptedServer LambdaFor(string id, bool stream) => new(async (request, connection, cancellation) =>
    {
        string token = request.Headers["X-Amz-Security-Token"];
        Assert.Equal(token.Replace("t0ken-", "AKID", StringComparison.Ordinal), request.Headers["Authorization"].Split('=', '/')[1]);
        string answer = request.Headers["Authorization"].Contains($"Credential={id}/", StringComparison.Ordinal)
            ? ScriptedServer.Response(200, stream ? "" : "1", stream ? "Content-Type: application/vnd.amazon.eventstream" : "A: b")
            : ScriptedServer.Response(403, $"{{\"message\":\"The security token {token} is expired\"}}", "x-amzn-ErrorType: ExpiredTokenException");
        await connection.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellation);
        return true;
    });

    private sealed class Observer : ICallObserver
    {
        public int Retries { get; private set; }

        public void Retried() => Retries++;
    }
}
