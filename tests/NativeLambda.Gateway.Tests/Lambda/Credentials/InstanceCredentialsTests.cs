using System.Net.Sockets;
using NativeLambda.Gateway.Lambda.Credentials;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>The metadata service of an instance, as a server on this machine.</summary>
public sealed class InstanceCredentialsTests : IAsyncDisposable
{
    private readonly KeyServer _server = new();
    private readonly MetadataHttp _http = new();
    private readonly Dictionary<string, string> _environment;

    public InstanceCredentialsTests() => _environment = new() { ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = _server.Address.ToString(), ["AWS_METADATA_SERVICE_TIMEOUT"] = "60" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private Task<(AwsKeys Keys, DateTimeOffset? End)> GetAsync() => new InstanceCredentials(name => _environment.GetValueOrDefault(name), _http).GetAsync(Cancellation);

    private async Task<string> RefusedAsync() => (await Assert.ThrowsAsync<CredentialException>(GetAsync)).Message;

    [Fact]
    public async Task A_token_comes_first_and_goes_with_each_request()
    {
        (AwsKeys keys, DateTimeOffset? end) = await GetAsync();
        Assert.Equal(("AKID1", "s3cret-1", "t0ken-1"), (keys.AccessKeyId, keys.SecretKey, keys.SessionToken));
        Assert.Equal(_server.End.ToUnixTimeSeconds(), end!.Value.ToUnixTimeSeconds());
        Assert.Equal(
            ["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/", "GET /latest/meta-data/iam/security-credentials/shop-role"], _server.Asked);
        Assert.All(_server.Requests.Skip(1), static request => Assert.Equal("imds-token-1", request.Headers["X-aws-ec2-metadata-token"]));
    }

    [Theory]
    [InlineData("/latest/meta-data/iam/security-credentials/")]
    [InlineData("/latest/meta-data/iam/security-credentials/shop-role")]
    public async Task A_token_that_is_refused_is_fetched_anew_once(string path)
    {
        _server.Script = request => request.Target == path && request.Headers["X-aws-ec2-metadata-token"] == "imds-token-1" ? (401, "") : null;
        Assert.Equal("AKID1", (await GetAsync()).Keys.AccessKeyId);
        Assert.Equal(2, _server.Requests.Count(static request => request.Method == "PUT"));
        _server.Script = request => request.Target == path ? (401, "") : null;
        Assert.Contains("answered 401 instead of keys", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(4, _server.Requests.Count(static request => request.Method == "PUT"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(500)]
    public async Task Without_a_token_nothing_is_asked_as_version_1_would(int status)
    {
        _server.Script = _ => (status, "");
        Assert.Contains($"gave no token ({status}): is it switched off", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(["PUT /latest/api/token"], _server.Asked);
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, "\n")]
    public async Task An_instance_without_a_role_is_told_what_it_lacks(int status, string body)
    {
        _server.Script = request => request.Method == "GET" ? (status, body) : null;
        string message = await RefusedAsync();
        Assert.Contains("attach an instance profile", message, StringComparison.Ordinal);
        Assert.Contains("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_answers_the_wait_is_as_long_as_was_said_and_no_longer()
    {
        _server.Silent = true;
        _environment["AWS_METADATA_SERVICE_TIMEOUT"] = "0.05";
        _environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "2";
        string message = await RefusedAsync().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Contains($"no instance answers at {_server.Address.Authority} (no answer in time)", message, StringComparison.Ordinal);
        Assert.Contains("hop limit must be 2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_it_is_known_at_once()
    {
        using Socket taken = TestSockets.Bind(out int port);
        _environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = $"http://127.0.0.1:{port}";
        Assert.Contains("(ConnectionRefused)", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_forbidden_nothing_is_asked()
    {
        _environment["AWS_EC2_METADATA_DISABLED"] = "true";
        Assert.Contains("AWS_EC2_METADATA_DISABLED forbids", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("{\"Code\":\"Failed\",\"Message\":\"s3cret\"}", "answered Failed instead of keys")]
    [InlineData("{\"Code\":\"Success\",\"AccessKeyId\":\"s3cret\"}", "answered without AccessKeyId and SecretAccessKey")]
    [InlineData("{\"AccessKeyId\":\"s3cret\",\"SecretAcc", "answered with something else than keys")]
    [InlineData("[\"s3cret\"]", "answered with something else than keys")]
    [InlineData("<html>s3cret", "answered with something else than keys")]
    public async Task What_is_no_keys_is_told_without_repeating_it(string document, string message)
    {
        _server.Script = request => request.Target.EndsWith("shop-role", StringComparison.Ordinal) ? (200, document) : null;
        string told = await RefusedAsync();
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_METADATA_SERVICE_TIMEOUT", "soon")]
    [InlineData("AWS_METADATA_SERVICE_TIMEOUT", "0")]
    [InlineData("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "-1")]
    [InlineData("AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254")]
    public async Task A_variable_that_cannot_be_is_named(string name, string value)
    {
        _environment[name] = value;
        Assert.StartsWith(name, await RefusedAsync(), StringComparison.Ordinal);
    }
}
