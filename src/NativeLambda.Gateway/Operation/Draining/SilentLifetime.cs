namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>In place of the framework's own handling of signals, which knows nothing of draining.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
