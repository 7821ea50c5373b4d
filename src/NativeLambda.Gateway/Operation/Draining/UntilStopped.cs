using NativeLambda.Gateway.Operation.Systemd;

namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>The life of a gateway that has started: until a signal, and then its end.</summary>
internal static class UntilStopped
{
    /// <summary>The exit status when requests were cut off by the timeout.</summary>
    public const int RequestsWereCut = 1;

    /// <summary>Waits for SIGTERM or SIGINT and ends the gateway in order.</summary>
    /// <param name="drain">Ends it; returns how many requests were cut off.</param>
    /// <param name="status">What systemd shows of it.</param>
    /// <param name="notifier">Tells systemd.</param>
    /// <param name="signals">The signals.</param>
    /// <returns>0 when every request was answered; 1 when the timeout cut some off; 143 or 130 after a second signal.</returns>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> drain, string status, SystemdNotifier notifier, StopSignals signals)
    {
        notifier.Ready(status);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, signals.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        notifier.Stopping();
        int cut = await drain(signals.Hurry);
        return signals.Hurry.IsCancellationRequested ? signals.ExitCode : cut > 0 ? RequestsWereCut : 0;
    }
}
