using NativeLambda.Gateway.Lambda.Credentials;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>The endpoints of ECS and EKS, as a server on this machine.</summary>
public sealed class ContainerCredentialsTests : IAsyncDisposable
{
    private const string Relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private const string Token = "AWS_CONTAINER_AUTHORIZATION_TOKEN", TokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

    private readonly KeyServer _server = new();
    private readonly MetadataHttp _http = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;

    public ContainerCredentialsTests() => _environment = new() { [Full] = new Uri(_server.Address, "/v1/credentials?task=1").ToString() };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    private Task<(AwsKeys Keys, DateTimeOffset? End)> GetAsync() => ContainerCredentials.Find(name => _environment.GetValueOrDefault(name), _http)!(Cancellation);

    private async Task<string> RefusedAsync() => (await Assert.ThrowsAsync<CredentialException>(GetAsync)).Message;

    private static Uri? AddressOf(string name, string value) => ContainerCredentials.AddressIn(asked => asked == name ? value : null);

    [Fact]
    public async Task Keys_come_from_the_address_that_the_environment_names()
    {
        Assert.Equal("AKID1", (await GetAsync()).Keys.AccessKeyId);
        Assert.Equal(["GET /v1/credentials?task=1"], _server.Asked);
        Assert.DoesNotContain("Authorization", _server.Requests.Single().Headers.Keys);
    }

    [Fact]
    public void A_path_is_that_of_the_agent_of_ECS() =>
        Assert.Equal("http://169.254.170.2/v2/credentials/5f4dcc3b", AddressOf(Relative, "/v2/credentials/5f4dcc3b")!.ToString());

    [Fact]
    public async Task The_token_of_the_pod_is_read_each_time_and_goes_with_the_request()
    {
        _environment[TokenFile] = _folder.At("token");
        _environment[Token] = "not this one";
        foreach (string token in (string[])["pod-token-1", "pod-token-2"])
        {
            await File.WriteAllTextAsync(_folder.At("token"), token, Cancellation);
            await GetAsync();
            Assert.Equal(token, _server.Requests.Last().Headers["Authorization"]);
        }
    }

    [Fact]
    public async Task The_token_may_be_in_the_environment()
    {
        _environment[Token] = "Basic abc";
        await GetAsync();
        Assert.Equal("Basic abc", _server.Requests.Single().Headers["Authorization"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1/x", true)]
    [InlineData("http://127.8.9.1:5000/x", true)]
    [InlineData("http://localhost:5000/x", true)]
    [InlineData("http://[::1]/x", true)]
    [InlineData("http://169.254.170.2/x", true)]
    [InlineData("http://169.254.170.23/v1/credentials", true)]
    [InlineData("http://[fd00:ec2::23]/v1/credentials", true)]
    [InlineData("https://keys.example.com/x", true)]
    [InlineData("http://keys.example.com/x", false)]
    [InlineData("http://169.254.169.254/x", false)]
    [InlineData("http://10.0.0.1/x", false)]
    [InlineData("http://localhost.example.com/x", false)]
    [InlineData("http://127.0.0.1.example.com/x", false)]
    [InlineData("http://169.254.170.2@example.com/x", false)]
    [InlineData("http://[fd00:ec2::24]/x", false)]
    public void Without_TLS_keys_are_asked_of_few_hosts_only(string address, bool allowed)
    {
        if (allowed) Assert.Equal(new Uri(address), AddressOf(Full, address));
        else Assert.Contains("use https://", Assert.Throws<CredentialException>(() => AddressOf(Full, address)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Full, "somewhere", "is no address")]
    [InlineData(Full, "file:///etc/passwd", "is no address")]
    [InlineData(Relative, "v2/credentials", "is no path")]
    [InlineData(Relative, "@example.com/x", "is no path")]
    public void What_is_no_address_is_named(string name, string value, string message) =>
        Assert.Contains($"{name} {message}", Assert.Throws<CredentialException>(() => AddressOf(name, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_path_comes_before_the_address() =>
        Assert.Equal("169.254.170.2", ContainerCredentials.AddressIn(static name => name is Relative ? "/x" : name is Full ? "http://localhost/x" : null)!.Host);

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task Trouble_that_may_pass_is_asked_again(int status)
    {
        int left = 2;
        _server.Script = _ => left-- > 0 ? (status, "") : null;
        Assert.Equal("AKID1", (await GetAsync()).Keys.AccessKeyId);
        left = int.MaxValue;
        Assert.Contains($"answered {status}, 3 times", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(6, _server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_refusal_is_told_with_what_to_look_at_and_without_the_token(int status)
    {
        _environment[Token] = "s3cret";
        _server.Script = _ => (status, "{\"message\":\"s3cret\"}");
        string message = await RefusedAsync();
        Assert.Contains($"answered {status}. Does the task or pod have a role", message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_token_that_would_begin_a_header_of_its_own_is_not_sent()
    {
        _environment[Token] = "s3cret\r\nHost: example.com";
        string message = await RefusedAsync();
        Assert.Contains("line break", message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_token_s_file_that_is_not_there_is_named()
    {
        _environment[TokenFile] = _folder.At("nothing");
        Assert.Contains($"{TokenFile} names {_folder.At("nothing")}, which cannot be read", await RefusedAsync(), StringComparison.Ordinal);
    }
}
