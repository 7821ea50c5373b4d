using Amazon.Runtime.CredentialManagement;
using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Lambda.Http;

namespace NativeLambda.Gateway.Lambda;

/// <summary>Finds what the options leave open in the environment, by AWS's names.</summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html">AWS SDKs and tools, settings reference</see>.</remarks>
/// <param name="options">What is configured, which comes first.</param>
/// <param name="environment">The environment's variables.</param>
internal sealed class LambdaSettings(LambdaClientOptions options, Func<string, string?> environment)
{
    private static readonly string[] CredentialVariables =
    [
        "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    ];

    public string? Profile => options.Profile ?? Variable("AWS_PROFILE");

    public string? CaBundle => options.CaBundle ?? Variable("AWS_CA_BUNDLE");

    /// <summary>Where Lambda is.</summary>
    /// <exception cref="ArgumentException">The endpoint is no address, or there is no Region.</exception>
    public LambdaEndpoint Endpoint()
    {
        Uri? address = options.Endpoint ?? AddressOf("AWS_ENDPOINT_URL_LAMBDA") ?? AddressOf("AWS_ENDPOINT_URL");
        string? region = options.Region ?? Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? RegionOfProfile();
        if (address is not null) return LambdaEndpoint.Of(address, region ?? "us-east-1");
        if (region is null)
            throw new ArgumentException("There is no AWS Region: set it in the configuration, in AWS_REGION, or in the profile; or set an endpoint.");
        if (!IsRegion(region)) throw new ArgumentException($"\"{region}\" is no AWS Region: such as eu-central-1.");
        return LambdaEndpoint.OfAws(region);
    }

    /// <summary>
    /// Whether signing is for show: an endpoint on this machine, and nothing that names credentials. The default profile is not looked
    /// for then, and no instance is asked: signatures by real keys do not belong to an emulator.
    /// </summary>
    public bool UsesDummyCredentials(LambdaEndpoint endpoint) =>
        endpoint.IsLoopback && options.Profile is null && CredentialVariables.All(name => Variable(name) is null);

    /// <summary>Where the keys come from.</summary>
    public ICredentialSource Credentials(LambdaEndpoint endpoint, TimeProvider time, ILogger logger)
    {
        if (UsesDummyCredentials(endpoint)) return FixedCredentials.Dummy;
        SdkClients.Register(Profile);
        return new ChainCredentials(new CredentialChain(options.Profile, environment, time), time, logger);
    }

    private Uri? AddressOf(string name)
    {
        if (Variable(name) is not { } value) return null;
        return Uri.TryCreate(value, UriKind.Absolute, out Uri? address)
            ? address
            : throw new ArgumentException($"{name} is \"{value}\", which is no address such as http://127.0.0.1:9001.");
    }

    private string? RegionOfProfile()
    {
        var chain = new CredentialProfileStoreChain();
        return chain.TryGetProfile(Profile ?? SharedCredentialsFile.DefaultProfileName, out CredentialProfile? profile) ? profile.Region?.SystemName : null;
    }

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    // It becomes part of a host's name.
    private static bool IsRegion(string region) =>
        region.Length <= 63 && region.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
        && !region.StartsWith('-') && !region.EndsWith('-');
}
