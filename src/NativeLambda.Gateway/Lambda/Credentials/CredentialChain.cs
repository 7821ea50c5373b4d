using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>
/// The order in which AWS's SDKs and its command line look for keys: a profile that the configuration names; the environment; a web
/// identity; the profile that the environment names; the default profile; the container's endpoint; the instance's metadata. What is named
/// and cannot be had is an error: nobody wants to go on under another name.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html">AWS SDKs and tools, credential providers</see>.
/// Profiles (roles, processes, single sign-on) and web identities are the AWS SDK's. Its own last two steps wait for up to half a minute
/// where there is no instance, take the old metadata service where the new one does not answer, and give refused keys again for two minutes.
/// </remarks>
/// <param name="profile">The profile that the configuration names; null for none.</param>
/// <param name="environment">The environment's variables.</param>
/// <param name="time">The time.</param>
internal sealed class CredentialChain(string? profile, Func<string, string?> environment, TimeProvider time) : ICredentialChain
{
    private readonly MetadataHttp _http = new();
    private Func<CancellationToken, Task<AwsKeys>>? _source;
    private (DateTime, DateTime) _files;

    public Task<AwsKeys> GetAsync(CancellationToken cancellation)
    {
        (DateTime, DateTime) files = (File.GetLastWriteTimeUtc(SharedCredentialsFile.DefaultFilePath), File.GetLastWriteTimeUtc(SharedCredentialsFile.DefaultConfigFilePath));
        if (_source is null || files != _files) _source = Find();
        _files = files;
        return _source(cancellation);
    }

    public void Forget() => _source = null;

    public void Dispose() => _http.Dispose();

    private Func<CancellationToken, Task<AwsKeys>> Find()
    {
        if (profile is not null) return OfProfile(profile, "the configuration's lambda.profile");
        if (Variable("AWS_ACCESS_KEY_ID") is { } id)
        {
            var keys = new AwsKeys(
                id, Variable("AWS_SECRET_ACCESS_KEY") ?? throw new CredentialException("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both, or neither."),
                Variable("AWS_SESSION_TOKEN"));
            return _ => Task.FromResult(keys);
        }
        if (Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null)
        {
            if (Variable("AWS_ROLE_ARN") is null) throw new CredentialException("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not: set both, or neither.");
            return OfSdk(AssumeRoleWithWebIdentityCredentials.FromEnvironmentVariables());
        }
        if (Variable("AWS_PROFILE") is { } named) return OfProfile(named, "AWS_PROFILE");
        if (new CredentialProfileStoreChain().TryGetProfile(SharedCredentialsFile.DefaultProfileName, out CredentialProfile? standard) && standard.CanCreateAWSCredentials)
            return OfSdk(standard.GetAWSCredentials(standard.CredentialProfileStore));
        return new ExpiringKeys(ContainerCredentials.Find(environment, _http) ?? new InstanceCredentials(environment, _http).GetAsync, time).GetAsync;
    }

    private static Func<CancellationToken, Task<AwsKeys>> OfProfile(string name, string by)
    {
        var chain = new CredentialProfileStoreChain();
        if (!chain.TryGetProfile(name, out CredentialProfile? found))
            throw new CredentialException($"the profile {name}, which {by} names, is neither in {SharedCredentialsFile.DefaultFilePath} nor in {SharedCredentialsFile.DefaultConfigFilePath}.");
        return found.CanCreateAWSCredentials
            ? OfSdk(found.GetAWSCredentials(chain))
            : throw new CredentialException($"the profile {name}, which {by} names, says neither keys nor how to get some.");
    }

    private static Func<CancellationToken, Task<AwsKeys>> OfSdk(AWSCredentials credentials) => async cancellation =>
    {
        ImmutableCredentials keys = await credentials.GetCredentialsAsync().WaitAsync(cancellation);
        return new AwsKeys(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null);
    };

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
