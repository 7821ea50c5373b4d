using NativeLambda.Gateway.Access.Limits;

namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>
/// The end in order: not ready at once, as before for the delay, then no new connections, and requests under way have until the timeout.
/// </summary>
internal sealed class Drain(DrainState state, InFlight inFlight, TimeProvider time, ILogger logger)
{
    /// <summary>Makes it.</summary>
    /// <param name="options">How long it may take.</param>
    /// <param name="stopServer">Takes no more connections, waits for requests under way, and cuts them off when its token fires.</param>
    /// <param name="hurry">Ends it at once.</param>
    /// <returns>How many requests were cut off.</returns>
    public async Task<int> RunAsync(DrainOptions options, Func<CancellationToken, Task> stopServer, CancellationToken hurry)
    {
        long start = time.GetTimestamp();
        state.Begin();
        DrainMessages.Begun(logger, inFlight.Count, options.Delay.TotalSeconds, options.Timeout.TotalSeconds);
        if (options.Delay > TimeSpan.Zero)
            await Task.Delay(options.Delay, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, hurry);
        int cut = 0;
        using var server = new CancellationTokenSource();
        // They are counted, and what becomes of them is known, before the server aborts them.
        await using (either.Token.Register(Cut)) await stopServer(server.Token);
        double seconds = time.GetElapsedTime(start).TotalSeconds;
        if (cut > 0) DrainMessages.Cut(logger, cut, seconds);
        else DrainMessages.Done(logger, seconds);
        return cut;

        void Cut()
        {
            cut = inFlight.Count;
            state.Cut();
            server.Cancel();
        }
    }
}
