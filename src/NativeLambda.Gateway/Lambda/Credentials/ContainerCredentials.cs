using System.Net;

namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>
/// Keys from a container's endpoint: ECS tasks, EKS Pod Identity, Greengrass. Source:
/// <see href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">AWS SDKs and tools, container credential provider</see>.
/// </summary>
internal sealed class ContainerCredentials
{
    private const string Relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private const string Token = "AWS_CONTAINER_AUTHORIZATION_TOKEN", TokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    private const string EcsHost = "169.254.170.2";
    private const int Attempts = 3;

    /// <summary>The hosts that a token may go to without TLS, besides this machine: those of ECS and of EKS.</summary>
    private static readonly string[] Hosts = [EcsHost, "169.254.170.23", "fd00:ec2::23"];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Uri _address;
    private readonly Func<string, string?> _environment;
    private readonly MetadataHttp _http;

    private ContainerCredentials(Uri address, Func<string, string?> environment, MetadataHttp http) => (_address, _environment, _http) = (address, environment, http);

    /// <summary>What asks the endpoint that the environment names; null when it names none.</summary>
    /// <exception cref="CredentialException">It may not be asked.</exception>
    public static Func<CancellationToken, Task<(AwsKeys Keys, DateTimeOffset? End)>>? Find(Func<string, string?> environment, MetadataHttp http) =>
        AddressIn(environment) is { } address ? new ContainerCredentials(address, environment, http).GetAsync : null;

    /// <summary>The endpoint that the environment names; null when it names none.</summary>
    /// <exception cref="CredentialException">It may not be asked.</exception>
    internal static Uri? AddressIn(Func<string, string?> environment)
    {
        if (environment(Relative) is { Length: > 0 } path)
            return path[0] == '/' && Uri.TryCreate($"http://{EcsHost}{path}", UriKind.Absolute, out Uri? ecs) ? ecs : throw new CredentialException($"{Relative} is no path such as /v2/credentials/….");
        if (environment(Full) is not { Length: > 0 } full) return null;
        if (!Uri.TryCreate(full, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")) throw new CredentialException($"{Full} is no address such as http://169.254.170.23/v1/credentials.");
        // IsLoopback would take any name that ends with it; addresses only, as the rule has it, and the one name for them.
        bool here = address.Host == "localhost" || (IPAddress.TryParse(address.DnsSafeHost, out IPAddress? ip) && IPAddress.IsLoopback(ip));
        return address.Scheme == "https" || here || Hosts.Contains(address.DnsSafeHost)
            ? address
            : throw new CredentialException($"{Full} names the host {address.Host}, which keys are not asked of without TLS: use https://, or an address of this machine, of ECS or of EKS.");
    }

    public async Task<(AwsKeys Keys, DateTimeOffset? End)> GetAsync(CancellationToken cancellation)
    {
        string? token = await TokenAsync(cancellation);
        string source = $"the container's endpoint at {_address.Host}";
        for (int attempt = 1; ; attempt++)
        {
            string why;
            try
            {
                (HttpStatusCode status, string body) = await _http.AskAsync(HttpMethod.Get, _address, token is null ? null : "Authorization", token, Timeout, cancellation);
                if (status == HttpStatusCode.OK) return MetadataHttp.ReadKeys(body, source);
                why = $"answered {(int)status}";
                if ((int)status < 500 && status != HttpStatusCode.TooManyRequests)
                    throw new CredentialException($"{source} {why}. Does the task or pod have a role, and is the token in {TokenFile} the one of this pod?");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                why = $"gave no answer ({MetadataHttp.Why(exception)})";
            }
            if (attempt == Attempts) throw new CredentialException($"{source} {why}, {Attempts} times. Is the agent running, and {Relative} or {Full} right?");
        }
    }

    /// <summary>Read each time: EKS writes a new one into the file before the old one ends.</summary>
    private async Task<string?> TokenAsync(CancellationToken cancellation)
    {
        string? token = _environment(Token);
        if (_environment(TokenFile) is { Length: > 0 } file)
        {
            try
            {
                token = await File.ReadAllTextAsync(file, cancellation);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CredentialException($"{TokenFile} names {file}, which cannot be read: {exception.Message}");
            }
        }
        if (string.IsNullOrEmpty(token)) return null;
        return token.AsSpan().IndexOfAny('\r', '\n') < 0 ? token : throw new CredentialException($"the container's token has a line break in it: {TokenFile} and {Token} hold the token alone.");
    }
}
