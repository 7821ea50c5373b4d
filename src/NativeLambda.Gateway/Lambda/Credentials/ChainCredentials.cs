using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>
/// The keys of the AWS SDK's own chain: environment, web identity, profile (with role, process and SSO), container endpoint (ECS, EKS pod
/// identity), instance metadata. It renews them before they expire; this keeps what it gave for a moment, so that the chain's locks and
/// looks at files and environment are not in each request's way.
/// </summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/sdk-for-net/v4/developer-guide/creds-assign.html">AWS SDK for .NET, credential resolution</see>.</remarks>
internal sealed class ChainCredentials(string? profile, TimeProvider time) : ICredentialSource, IDisposable
{
    /// <summary>For how long the chain is not asked again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly ProfileConfig? _config = profile is null ? null : new ProfileConfig(profile);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private DefaultAWSCredentialsIdentityResolver _resolver = new();
    private Snapshot? _snapshot;

    public ValueTask<AwsKeys> GetAsync(CancellationToken cancellation) =>
        _snapshot is { } snapshot && time.GetElapsedTime(snapshot.Taken) < Fresh ? new(snapshot.Keys) : new(AskAsync(cancellation));

    public async ValueTask<AwsKeys> RefreshAsync(AwsKeys refused, CancellationToken cancellation)
    {
        await _refreshing.WaitAsync(cancellation);
        try
        {
            // Of many requests that were refused with the same keys the first asks for all.
            if (_snapshot is { } snapshot && !snapshot.Keys.Same(refused)) return snapshot.Keys;
            DefaultAWSCredentialsIdentityResolver old = _resolver;
            _resolver = new DefaultAWSCredentialsIdentityResolver();
            old.Dispose();
            return await AskAsync(cancellation);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose()
    {
        _resolver.Dispose();
        _refreshing.Dispose();
    }

    private async Task<AwsKeys> AskAsync(CancellationToken cancellation)
    {
        try
        {
            AWSCredentials credentials = await _resolver.ResolveIdentityAsync(_config, cancellation);
            ImmutableCredentials current = await credentials.GetCredentialsAsync().WaitAsync(cancellation);
            var keys = new AwsKeys(current.AccessKey, current.SecretKey, current.UseToken ? current.Token : null);
            // The same keys stay the same object: the signer keeps what it derived from them.
            if (_snapshot is { } before && before.Keys.Same(keys)) keys = before.Keys;
            _snapshot = new Snapshot(keys, time.GetTimestamp());
            return keys;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            throw new LambdaUnreachableException(
                "There are no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a profile, nor a container's or instance's role gave any.",
                exception, mayHaveRun: false);
        }
    }

    private sealed record Snapshot(AwsKeys Keys, long Taken);

    /// <summary>What tells the chain the name of a profile.</summary>
    private sealed class ProfileConfig : ClientConfig
    {
        public ProfileConfig(string profile)
            : base(new NoDefaults()) => Profile = new Amazon.Profile(profile);

        public override string RegionEndpointServiceName => "lambda";

        public override string ServiceVersion => "2015-03-31";

        public override string UserAgent => "nativelambda-gateway";

        public override Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
            throw new NotSupportedException("This configuration carries a profile's name only.");
    }

    private sealed class NoDefaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard };
    }
}
