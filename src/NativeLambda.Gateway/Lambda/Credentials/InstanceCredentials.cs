using System.Globalization;
using System.Net;

namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>
/// Keys of an EC2 instance's role, from its metadata service, version 2: a token by PUT first, which then goes with each request. Version 1
/// is not asked: a server that can be made to send GET requests for others must not give its keys away. Source:
/// <see href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html">EC2, instance metadata service</see>;
/// the variables are those of <see href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html">AWS SDKs and tools, IMDS</see>.
/// </summary>
internal sealed class InstanceCredentials(Func<string, string?> environment, MetadataHttp http)
{
    private const string TokenLifetime = "21600";
    private const string Roles = "latest/meta-data/iam/security-credentials/";
    private const string Otherwise = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run it where a role is.";

    public async Task<(AwsKeys Keys, DateTimeOffset? End)> GetAsync(CancellationToken cancellation)
    {
        if (string.Equals(environment("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            throw new CredentialException($"neither the environment nor the shared files nor a container have any, and AWS_EC2_METADATA_DISABLED forbids to ask the instance. {Otherwise}");
        Uri address = Address();
        TimeSpan timeout = TimeSpan.FromSeconds(Number("AWS_METADATA_SERVICE_TIMEOUT"));
        double attempts = Number("AWS_METADATA_SERVICE_NUM_ATTEMPTS");
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await GetAsync(address, timeout, again: true, cancellation);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                if (attempt < attempts) continue;
                throw new CredentialException(
                    $"neither the environment nor the shared files nor a container have any, and no instance answers at {address.Authority} ({MetadataHttp.Why(exception)}). {Otherwise} " +
                    "In a container on an instance, its metadata's hop limit must be 2.", exception);
            }
        }
    }

    private async Task<(AwsKeys Keys, DateTimeOffset? End)> GetAsync(Uri address, TimeSpan timeout, bool again, CancellationToken cancellation)
    {
        string source = $"the instance's metadata service at {address.Authority}";
        (HttpStatusCode status, string token) = await http.AskAsync(
            HttpMethod.Put, new Uri(address, "latest/api/token"), "X-aws-ec2-metadata-token-ttl-seconds", TokenLifetime, timeout, cancellation);
        if (status != HttpStatusCode.OK) throw new CredentialException($"{source} gave no token ({(int)status}): is it switched off, or is version 2 of it? {Otherwise}");
        (status, string roles) = await AskAsync(Roles);
        if (status == HttpStatusCode.NotFound || (status == HttpStatusCode.OK && string.IsNullOrWhiteSpace(roles)))
            throw new CredentialException($"the instance has no role: attach an instance profile. {Otherwise}");
        if (status == HttpStatusCode.OK)
        {
            (status, string keys) = await AskAsync(Roles + Uri.EscapeDataString(roles.Split('\n')[0].Trim()));
            if (status == HttpStatusCode.OK) return MetadataHttp.ReadKeys(keys, source);
        }
        // A token of another moment, as after the instance was restored from a snapshot.
        if (status == HttpStatusCode.Unauthorized && again) return await GetAsync(address, timeout, again: false, cancellation);
        throw new CredentialException($"{source} answered {(int)status} instead of keys. {Otherwise}");

        Task<(HttpStatusCode Status, string Body)> AskAsync(string path) =>
            http.AskAsync(HttpMethod.Get, new Uri(address, path), "X-aws-ec2-metadata-token", token, timeout, cancellation);
    }

    private Uri Address()
    {
        if (environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 } own)
            return Uri.TryCreate(own.EndsWith('/') ? own : own + "/", UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
                ? address
                : throw new CredentialException("AWS_EC2_METADATA_SERVICE_ENDPOINT is no address such as http://169.254.169.254.");
        bool six = string.Equals(environment("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "IPv6", StringComparison.OrdinalIgnoreCase);
        return new Uri(six ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/");
    }

    /// <summary>1 s and one attempt, as the <c>aws</c> command has it: where there is no instance, nobody answers.</summary>
    private double Number(string name)
    {
        if (environment(name) is not { Length: > 0 } text) return 1;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is > 0 and <= 100
            ? number
            : throw new CredentialException($"{name} is \"{text}\": a number above 0, up to 100.");
    }
}
