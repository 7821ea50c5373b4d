using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database.Credentials;
using NativeLambda.Database;
using NativeLambda.Settings;
using NativeLambda.Tests.Runtime;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class SecretSourceTests
{
    private const string Token = "IQoJ/token+=";

    private static readonly string NotReady = FakeSecretsExtension.Answer(400, "not ready to serve traffic, please wait");

    private static SecretSource Source(int port, TimeProvider? time = null, string user = "app", string? token = Token)
    {
        ConnectionSettings settings = TestSettings.With(null).Connection with
        {
            User = user, Password = null, Authentication = AuthenticationMode.Secret, SecretId = "prod/db a",
        };
        var variables = new VariableReader(name => name == "AWS_SESSION_TOKEN" ? token : null);
        return new SecretSource(settings, new SecretsExtension(port, variables), time ?? TimeProvider.System);
    }

    private static async Task<CredentialException> RefuseAsync(string answer)
    {
        await using var extension = new FakeSecretsExtension(answer);
        return await Assert.ThrowsAsync<CredentialException>(async () => await Source(extension.Port).PrepareAsync(refresh: false, FakeRuntimeApi.Guarded));
    }

    [Fact]
    public async Task The_secret_is_asked_for_with_the_token_of_the_function()
    {
        await using var extension = new FakeSecretsExtension(FakeSecretsExtension.Secret("pw"));
        SecretSource source = Source(extension.Port);
        Assert.Null(await source.PrepareAsync(refresh: false, FakeRuntimeApi.Guarded));
        Assert.Equal("pw", source.GetPassword("h", 1));
        string request = Assert.Single(extension.Requests);
        Assert.StartsWith("GET /secretsmanager/get?secretId=prod%2Fdb%20a HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nX-Aws-Parameters-Secrets-Token: {Token}\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: localhost:{extension.Port}\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_goes_past_the_cache_and_each_open_asks_anew()
    {
        await using var extension = new FakeSecretsExtension(FakeSecretsExtension.Secret("old"), FakeSecretsExtension.Secret("new"));
        SecretSource source = Source(extension.Port);
        await source.PrepareAsync(refresh: false, FakeRuntimeApi.Guarded);
        await source.PrepareAsync(refresh: true, FakeRuntimeApi.Guarded);
        Assert.Equal("new", source.GetPassword("h", 1));
        Assert.Contains("&versionStage=AWSCURRENT&refreshNow=true ", extension.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_does_not_know_how_to_refresh_is_asked_for_the_current_version()
    {
        await using var extension = new FakeSecretsExtension(FakeSecretsExtension.Answer(400, "unknown parameter"), FakeSecretsExtension.Secret("pw"));
        SecretSource source = Source(extension.Port);
        await source.PrepareAsync(refresh: true, FakeRuntimeApi.Guarded);
        Assert.Equal("pw", source.GetPassword("h", 1));
        Assert.Contains("&versionStage=AWSCURRENT HTTP", extension.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_may_name_the_role_and_must_where_the_settings_do_not()
    {
        await using var named = new FakeSecretsExtension(FakeSecretsExtension.Answer(200, """{"SecretString":"{\"username\":\"u\",\"password\":\"p\"}"}"""));
        Assert.Equal("u", await Source(named.Port, user: "").PrepareAsync(refresh: false, FakeRuntimeApi.Guarded));
        await using var unnamed = new FakeSecretsExtension(FakeSecretsExtension.Secret("pw"));
        CredentialException missing = await Assert.ThrowsAsync<CredentialException>(
            async () => await Source(unnamed.Port, user: "").PrepareAsync(refresh: false, FakeRuntimeApi.Guarded));
        Assert.Contains("no member username, and PGUSER is not set", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_is_not_ready_is_waited_for()
    {
        await using var extension = new FakeSecretsExtension(NotReady, NotReady, NotReady, FakeSecretsExtension.Secret("pw"));
        SecretSource source = Source(extension.Port);
        await source.PrepareAsync(refresh: true, FakeRuntimeApi.Guarded);
        Assert.Equal("pw", source.GetPassword("h", 1));
        Assert.Equal(4, extension.Requests.Count);
    }

    [Fact]
    public async Task An_extension_that_stays_so_ends_the_open_and_may_be_asked_later()
    {
        await using var extension = new FakeSecretsExtension(NotReady);
        var time = new FakeTimeProvider();
        long start = time.GetTimestamp();
        Task preparing = Source(extension.Port, time).PrepareAsync(refresh: false, FakeRuntimeApi.Guarded).AsTask();
        await time.PassUntilEndOfAsync(preparing);

        CredentialException thrown = await Assert.ThrowsAsync<CredentialException>(() => preparing);
        Assert.True(time.GetElapsedTime(start) >= SecretSource.ReadyLimit);
        Assert.True(OpenFailure.Classify(thrown) is { IsTransient: true, EndsOpen: true });
    }

    [Theory]
    [InlineData(403, "AccessDeniedException", false, "secretsmanager:GetSecretValue")]
    [InlineData(400, "User: x is not authorized to perform", false, "secretsmanager:GetSecretValue")]
    [InlineData(400, "ResourceNotFoundException", false, "NATIVELAMBDA_SECRET_ID")]
    [InlineData(404, "", false, "NATIVELAMBDA_SECRET_ID")]
    [InlineData(400, "too many requests", true, "log of the extension")]
    [InlineData(500, "oops\r\nline", true, "oops  line")]
    [InlineData(429, "", true, "429")]
    public async Task A_refusal_says_who_answered_what_and_what_to_do(int status, string body, bool isTransient, string advice)
    {
        CredentialException refused = await RefuseAsync(FakeSecretsExtension.Answer(status, body));
        Assert.Equal(isTransient, refused.IsTransient);
        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"answered {status} for prod/db a", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    public async Task What_is_not_HTTP_is_refused(string answer) =>
        Assert.Contains("not HTTP/1.1", (await RefuseAsync(answer)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_longer_than_any_secret_is_refused() =>
        Assert.Contains("larger than the limit", (await RefuseAsync("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Nobody_there_says_to_add_the_layer()
    {
        var gone = new FakeSecretsExtension("");
        await gone.DisposeAsync();
        CredentialException refused = await Assert.ThrowsAsync<CredentialException>(
            async () => await Source(gone.Port).PrepareAsync(refresh: false, FakeRuntimeApi.Guarded));
        Assert.True(refused.IsTransient);
        Assert.Contains($"localhost:{gone.Port} cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AWS-Parameters-and-Secrets-Lambda-Extension", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_is_the_extensions_and_not_the_databases()
    {
        await using var extension = new FakeSecretsExtension("");
        using var cancellation = new CancellationTokenSource();
        Task preparing = Source(extension.Port).PrepareAsync(refresh: false, cancellation.Token).AsTask();
        Assert.True(SpinWait.SpinUntil(() => extension.Requests.Count > 0, TimeSpan.FromSeconds(60)));
        await cancellation.CancelAsync();
        CredentialException refused = await Assert.ThrowsAsync<CredentialException>(() => preparing);
        Assert.Contains("did not answer within the time", OpenFailure.Classify(refused).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("a\r\nX: y", "no header can carry")]
    public async Task A_token_that_is_missing_or_would_break_the_request_is_refused(string? token, string reason)
    {
        CredentialException refused = await Assert.ThrowsAsync<CredentialException>(
            async () => await Source(1, token: token).PrepareAsync(refresh: false, FakeRuntimeApi.Guarded));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }
}
