using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Faults;
using NativeLambda.Emulator.Postgres;
using NativeLambda.Trials.Soak.Judging;
using NativeLambda.Trials.Soak.Planning;
using Npgsql;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>Makes the planned faults, one after the other, and repairs what each broke.</summary>
internal sealed class FaultMaker(SoakStage stage, FaultWindows windows, Gate gate, SoakClock clock)
{
    /// <summary>
    /// A flow that was dropped is trusted for as long as the connection was known good a moment ago: NATIVELAMBDA_PING_AFTER, and a
    /// little for the clocks.
    /// </summary>
    private static readonly TimeSpan SwallowTail = TimeSpan.FromMilliseconds(1200);

    /// <summary>When a dropped flow is reset at last, as by keepalives: after all timeouts of the function.</summary>
    private static readonly TimeSpan SwallowedFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<ProxiedConnection, TimeSpan> _swallowed = [];

    public async Task RunAsync(IEnumerable<PlannedFault> faults, CancellationToken stop)
    {
        foreach (PlannedFault fault in faults)
        {
            if (!await clock.PauseAsync(fault.Pause, stop))
                return;
            windows.Open(fault.Kind, clock.Now);
            TimeSpan tail = TimeSpan.Zero;
            try
            {
                tail = await MakeAsync(fault);
            }
            finally
            {
                windows.Close(clock.Now + tail);
            }

            ResetSwallowed();
        }
    }

    /// <returns>How long its effects last beyond its end.</returns>
    private async Task<TimeSpan> MakeAsync(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.TerminateIdle:
                await stage.Database.TerminateIdleAsync();
                break;
            case FaultKind.TerminateInStatement:
                await TerminateInStatementAsync(fault.Length);
                break;
            case FaultKind.LoseAnswers:
                await LoseAnswersAsync(fault.Length);
                break;
            case FaultKind.RestartFast:
                await RestartAsync(PostgresShutdownMode.Fast, fault.Length);
                break;
            case FaultKind.RestartImmediate:
                await RestartAsync(PostgresShutdownMode.Immediate, fault.Length);
                break;
            case FaultKind.Reset:
                stage.Proxy.ResetLiveConnections();
                break;
            case FaultKind.Swallow:
                stage.Proxy.SwallowLiveConnections();
                return SwallowTail;
            case FaultKind.Suspend:
                await Task.Run(stage.Server.Suspend);
                await WaitAsync(fault.Length);
                stage.Server.Resume();
                break;
            case FaultKind.FillSlots:
                await FillSlotsAsync(fault.Length);
                break;
            case FaultKind.Refuse:
                await stage.Proxy.RefuseNewConnectionsAsync();
                stage.Proxy.ResetLiveConnections();
                await WaitAsync(fault.Length);
                await stage.Proxy.AcceptNewConnectionsAsync();
                break;
            case FaultKind.Ignore:
                await stage.Proxy.IgnoreNewConnectionsAsync();
                stage.Proxy.SwallowLiveConnections();
                await WaitAsync(fault.Length);
                await stage.Proxy.AcceptNewConnectionsAsync();
                return SwallowTail > fault.Length ? SwallowTail - fault.Length : TimeSpan.Zero;
            case FaultKind.KillEnvironment:
                await EndEnvironmentAsync(fault.Choice, stage.Lambda.KillAsync);
                break;
            case FaultKind.ShutDownEnvironment:
                await EndEnvironmentAsync(fault.Choice, stage.Lambda.ShutdownEnvironmentAsync);
                break;
            case FaultKind.LockRows:
                await using (await stage.Database.LockProductsAsync())
                    await WaitAsync(fault.Length);
                break;
            case FaultKind.SlowNetwork:
                stage.Proxy.DelayPerFlight = TimeSpan.FromMilliseconds(1 + (fault.Choice / 25));
                await WaitAsync(fault.Length);
                stage.Proxy.DelayPerFlight = TimeSpan.Zero;
                break;
            case FaultKind.Lull:
                gate.Close();
                await WaitAsync(fault.Length);
                gate.Open();
                break;
            case FaultKind.RotatePassword:
                await RotateAsync(fault.Length);
                break;
        }

        return TimeSpan.Zero;
    }

    private async Task TerminateInStatementAsync(TimeSpan patience)
    {
        await using RowLock held = await stage.Database.LockProductsAsync();
        await UntilAsync(async () => await stage.Database.CountWaitingAsync() > 0, patience);
        await stage.Database.TerminateWaitingAsync();
    }

    private async Task LoseAnswersAsync(TimeSpan patience)
    {
        await using (await stage.Database.LockProductsAsync())
        {
            await UntilAsync(async () => await stage.Database.CountWaitingAsync() > 0, patience);
            // From here on nothing passes: what waits is done when the locks are released, and nobody hears of it.
            stage.Proxy.Mode = ProxyMode.Hold;
        }

        await UntilAsync(async () => await stage.Database.CountActiveAsync() == 0, patience);
        stage.Proxy.ResetLiveConnections();
        stage.Proxy.Mode = ProxyMode.Forward;
    }

    private async Task RestartAsync(PostgresShutdownMode mode, TimeSpan down)
    {
        await stage.Server.StopAsync(mode);
        await WaitAsync(down);
        await stage.Server.StartAgainAsync();
    }

    private async Task RotateAsync(TimeSpan patience)
    {
        // An open between the change of the role and that of the file would rightly be refused.
        bool isAtRest() => stage.Lambda.Environments.All(e => e.State is EnvironmentState.Frozen or EnvironmentState.Reset or EnvironmentState.Dead);
        gate.Close();
        await UntilAsync(() => Task.FromResult(isAtRest()), patience);
        if (isAtRest())
        {
            await stage.RotatePasswordAsync();
            await stage.Database.TerminateIdleAsync();
        }

        gate.Open();
    }

    private async Task FillSlotsAsync(TimeSpan length)
    {
        var strangers = new List<NpgsqlConnection>();
        bool isFull = false;
        try
        {
            for (TimeSpan end = clock.Now + length; clock.Now < end;)
            {
                var stranger = new NpgsqlConnection(stage.StrangerConnectionString);
                try
                {
                    await stranger.OpenAsync();
                    strangers.Add(stranger);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
                {
                    await stranger.DisposeAsync();
                    // Now for the slots of the fleet, which wants them back at once.
                    if (!isFull)
                        await stage.Database.TerminateIdleAsync();
                    isFull = true;
                    await WaitAsync(Poll);
                }
            }
        }
        finally
        {
            foreach (NpgsqlConnection stranger in strangers)
                await stranger.DisposeAsync();
        }

        await UntilAsync(async () => await stage.Database.CountStrangersAsync() == 0, TimeSpan.FromSeconds(30));
    }

    private async Task EndEnvironmentAsync(int choice, Func<string, Task> end)
    {
        EnvironmentSnapshot[] living = [.. stage.Lambda.Environments.Where(e => e.State is EnvironmentState.Busy or EnvironmentState.Frozen)];
        // Half of the choices are for one that serves an invocation, if there is any.
        EnvironmentSnapshot[] busy = [.. living.Where(e => e.State == EnvironmentState.Busy)];
        if (choice % 2 == 0 && busy.Length > 0)
            living = busy;
        if (living.Length == 0)
            return;
        try
        {
            await end(living[choice / 2 % living.Length].Id);
        }
        catch (ArgumentException)
        {
            // It has ended in between.
        }
    }

    private void ResetSwallowed()
    {
        TimeSpan now = clock.Now;
        foreach (ProxiedConnection connection in stage.Proxy.Connections.Where(connection => connection.Mode == ProxyMode.Swallow))
            _swallowed.TryAdd(connection, now);
        foreach ((ProxiedConnection connection, _) in _swallowed.Where(entry => now - entry.Value > SwallowedFor).ToArray())
        {
            connection.Reset();
            _swallowed.Remove(connection);
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        TimeSpan end = clock.Now + patience;
        while (!await condition() && clock.Now < end)
            await WaitAsync(Poll);
    }

    private Task<bool> WaitAsync(TimeSpan time) => clock.PauseAsync(time, CancellationToken.None);
}
