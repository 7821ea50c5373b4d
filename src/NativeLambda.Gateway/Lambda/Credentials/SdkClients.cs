using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.RuntimeDependencies;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;

namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>
/// The clients of AWS's services that the SDK's chain needs for roles, web identities (EKS) and IAM Identity Center. It would load them by
/// reflection, which Native AOT has no assemblies for; so they are registered.
/// </summary>
internal static class SdkClients
{
    /// <summary>Registers them, for this process.</summary>
    /// <param name="profile">The profile whose role is assumed; null for the default one.</param>
    public static void Register(string? profile)
    {
        GlobalRuntimeDependencyRegistry registry = GlobalRuntimeDependencyRegistry.Instance;
        registry.RegisterSecurityTokenServiceClient(context => new AmazonSecurityTokenServiceClient(
            SourceOf(profile ?? SharedCredentialsFile.DefaultProfileName), context.SecurityTokenServiceClientContextData.Region));
        registry.RegisterSSOClient(static context => new AmazonSSOClient(new AnonymousAWSCredentials(), context.SSOClientContextData.Region));
        registry.RegisterSSOOIDCClient(static context => new AmazonSSOOIDCClient(new AnonymousAWSCredentials(), context.SSOOIDCClientContextData.Region));
    }

    /// <summary>
    /// The credentials that a profile's role is assumed by: none for a web identity, whose token proves it. The SDK does not tell whose
    /// role it is: a role of a role cannot be had.
    /// </summary>
    private static AWSCredentials SourceOf(string profile)
    {
        var chain = new CredentialProfileStoreChain();
        if (!chain.TryGetProfile(profile, out CredentialProfile? found)) return new AnonymousAWSCredentials();
        if (found.Options.CredentialSource is { Length: > 0 } source) return OfSource(source, profile);
        if (string.IsNullOrEmpty(found.Options.SourceProfile)) return new AnonymousAWSCredentials();
        if (chain.TryGetProfile(found.Options.SourceProfile, out CredentialProfile? sourceProfile) && !string.IsNullOrEmpty(sourceProfile.Options.RoleArn))
            throw new AmazonClientException($"The profile {profile} assumes a role by a profile that assumes one itself: name credentials as its source_profile.");
        return chain.TryGetAWSCredentials(found.Options.SourceProfile, out AWSCredentials? credentials)
            ? credentials
            : throw new AmazonClientException($"The source_profile of the profile {profile} has no credentials.");
    }

    private static AWSCredentials OfSource(string source, string profile) => source.ToUpperInvariant() switch
    {
        "ENVIRONMENT" => new EnvironmentVariablesAWSCredentials(),
        "EC2INSTANCEMETADATA" => new InstanceProfileAWSCredentials(),
        "ECSCONTAINER" => new GenericContainerCredentials(),
        _ => throw new AmazonClientException($"The credential_source of the profile {profile} is {source}: Environment, Ec2InstanceMetadata or EcsContainer."),
    };
}
