namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>Keys that never change: those of a configuration, and the dummy ones for an emulator.</summary>
internal sealed class FixedCredentials(AwsKeys keys) : ICredentialSource
{
    /// <summary>For an endpoint that checks no signature.</summary>
    public static FixedCredentials Dummy { get; } = new(new AwsKeys("local", "local"));

    public ValueTask<AwsKeys> GetAsync(CancellationToken cancellation) => new(keys);

    public ValueTask<AwsKeys> RefreshAsync(AwsKeys refused, CancellationToken cancellation) => new(keys);
}
