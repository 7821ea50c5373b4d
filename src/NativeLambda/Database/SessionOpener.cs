using NativeLambda.Telemetry;

namespace NativeLambda.Database;

/// <summary>Opens a session within a budget: transient failures are tried again, others end it at once (design: Open).</summary>
internal sealed class SessionOpener(
    ISessionFactory factory, DatabaseSettings settings, TimeProvider time, Random random, LambdaLog log)
{
    /// <param name="budget">The time for everything: attempts and waits.</param>
    /// <param name="requestId">The invocation that needs it, for the log; <see langword="null"/> in Init.</param>
    /// <exception cref="DatabaseOpenException">The failure is permanent, or transient and outlasts the budget.</exception>
    public async Task<OpenedSession> OpenAsync(TimeSpan budget, string? requestId)
    {
        long start = time.GetTimestamp();
        var delays = new RetryDelay(random);
        bool refreshed = false;
        bool refused = false;
        OpenFailure? previous = null;
        for (int attempt = 1; ; attempt++)
        {
            OpenFailure failure;
            Exception cause;
            TimeSpan left = budget - time.GetElapsedTime(start);
            try
            {
                return new OpenedSession(await AttemptAsync(left), time.GetElapsedTime(start), refused, attempt);
            }
            catch (Exception exception)
            {
                cause = exception;
                failure = OpenFailure.Classify(exception, settings.Connection.DirectTls);
            }

            // Cut short by the end of the budget, an attempt says less than the one before it.
            if (left < AttemptLimit && failure == OpenFailure.NoAnswer && previous is { IsTransient: true } known)
                failure = known;
            previous = failure;

            // Rotated while frozen: once, and at once, for a wait would help nobody.
            if (failure.IsRefusedCredential && !refreshed && time.GetElapsedTime(start) < budget && factory.TryRefreshCredentials())
            {
                refreshed = true;
                log.Write(LogLevel.Info, $"The server refused the credentials; asking for new ones. {failure.Reason}", requestId);
                continue;
            }

            if (factory.TryAdapt(cause) && time.GetElapsedTime(start) < budget)
                continue;
            refused |= failure.IsServerFull;
            TimeSpan delay = delays.Next(failure.IsServerFull);
            if (!failure.IsTransient || failure.EndsOpen || time.GetElapsedTime(start) + delay >= budget)
                throw new DatabaseOpenException(settings.Connection, failure, attempt, cause);
            if (log.IsEnabled(LogLevel.Debug))
                log.Write(LogLevel.Debug, $"Opening failed, next attempt in {delay.TotalMilliseconds:0} ms: {failure.Reason}", requestId);
            await Task.Delay(delay, time);
        }
    }

    /// <summary>What one attempt may take: the limit of each host.</summary>
    private TimeSpan AttemptLimit => settings.Lifetime.ConnectTimeout * (1 + settings.Connection.OtherHosts.Count);

    private async Task<ISession> AttemptAsync(TimeSpan left)
    {
        TimeSpan limit = left < AttemptLimit ? left : AttemptLimit;
        using var timeout = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        Task<ISession> opening = factory.OpenAsync(timeout.Token);
        try
        {
            // Npgsql does not look at the token while it waits for the first words of a server, only at its own limit, which knows
            // whole seconds and no deadline: a server that accepts and says nothing would cost the invocation.
            return await opening.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!opening.IsCanceled)
        {
            _ = CloseWhenLateAsync(opening);
            throw;
        }
    }

    /// <summary>Nobody waits for this session any more: it is closed when it opens after all, and its failure is nobody's concern.</summary>
    private async Task CloseWhenLateAsync(Task<ISession> opening)
    {
        try
        {
            ISession late = await opening;
            await late.CloseAsync();
        }
        catch (Exception exception)
        {
            log.Write(LogLevel.Debug, "An attempt to open that was given up has failed.", requestId: null, exception);
        }
    }
}
