namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>How the gateway ends.</summary>
/// <param name="Delay">How long it goes on as before once it has said that it is not ready: what a load balancer needs to notice.</param>
/// <param name="Timeout">How long requests under way may then take.</param>
internal sealed record DrainOptions(TimeSpan Delay, TimeSpan Timeout)
{
    /// <summary>No delay, and 30 seconds: API Gateway's longest answer of an HTTP API.</summary>
    public static DrainOptions Default { get; } = new(TimeSpan.Zero, TimeSpan.FromSeconds(30));
}
