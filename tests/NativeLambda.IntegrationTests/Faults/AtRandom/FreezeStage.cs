using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Faults.AtRandom;

/// <summary>One environment, a server of its own and a proxy between the two: freezes it, makes a fault, thaws it by a GET and looks.</summary>
internal sealed class FreezeStage : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly FaultProxy _proxy;
    private ConnectionView _before = null!;

    private FreezeStage(PostgresServer server, FaultProxy proxy, FrozenFunction function) =>
        (_server, _proxy, Function) = (server, proxy, function);

    public FrozenFunction Function { get; }

    public static async Task<FreezeStage> StartAsync(BootstrapFixture bootstrap)
    {
        PostgresServer server = await PostgresFixture.StartServerAsync();
        // Not all its history: a run may be long.
        var proxy = new FaultProxy(server.Port, keepsHistory: false);
        FrozenFunction? function = null;
        try
        {
            var variables = new Dictionary<string, string>(server.EnvironmentVariables)
            {
                ["PGPORT"] = proxy.Port.ToString(CultureInfo.InvariantCulture),
            };
            function = await FrozenFunction.StartAsync(
                bootstrap, variables, Deadlines.Near, Deadlines.Margin,
                // A silent drop shows only to a ping, and these freezes are shorter than the default of a second.
                Deadlines.PingAlways,
                // When it is to fire, the role's setting says so.
                ("NATIVELAMBDA_IDLE_DISCONNECT", "0s"));
            await FaultRounds.CreateProductAsync(function);
            return new FreezeStage(server, proxy, function) { _before = await function.GetConnectionFactsAsync() };
        }
        catch
        {
            if (function is not null)
                await function.DisposeAsync();
            await proxy.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>One freeze with a fault in it, the invocation that ends it, and another one that asks what that one did.</summary>
    public async Task<FreezeRound> FreezeAsync(FreezeFault fault)
    {
        if (fault == FreezeFault.IdleTimeout)
            await OpenWithIdleTimeoutAsync();
        int pid = await Function.WaitUntilFrozenAsync();
        int logged = Function.Records.Count;
        await Function.WhileFrozenAsync(() => MakeAsync(fault, pid));

        Task<FunctionAnswer> asking = Function.InvokeHttpAsync("GET", FaultRounds.Product);
        if (fault == FreezeFault.HungUntilReplaced)
            await Eventually.IsTrueAsync(() => Task.FromResult(asking.IsCompleted || Function.Records.Skip(logged).Any(IsReplacement)));
        if (fault is FreezeFault.HungUntilReplaced or FreezeFault.HungAtThaw)
            _server.Resume();
        FunctionAnswer answer = await asking;
        await Function.WaitUntilFrozenAsync();
        LogRecord[] log = [.. Function.Records.Skip(logged)];
        AssertAnswered(fault, answer, log);

        await RepairAsync(fault);
        ConnectionView after = await Function.GetConnectionFactsAsync();
        // The first handler of a connection says that its own invocation has opened it, and not the one before.
        int asked = after.ReusedFor == 1 ? 1 : 0;
        int opens = after.Opens - asked - _before.Opens;
        (int least, int most) = fault.Opens();
        Assert.InRange(opens, least, most);
        if (fault.IsAwayTooLong())
            Assert.Equal(1, asked);
        // A handler runs once for each invocation, and not at all where there was nothing to run it on.
        Assert.Equal(_before.Invocations + 2, after.Invocations);
        await Function.WaitUntilFrozenAsync();
        Assert.Equal(fault.IsAwayTooLong() ? 1 : 0, Function.Records.Skip(logged).Count(record => record.IsTrouble));
        await AssertOneBackendAsync(after.BackendPid);
        _before = after;
        return new FreezeRound(fault, answer.Status, answer.Took, opens, NeedlessOpen: asked == 1 && !fault.IsAwayTooLong());
    }

    /// <summary>The function's connection gets the setting with which the server will close it.</summary>
    private async Task OpenWithIdleTimeoutAsync()
    {
        await ExecuteAsync($"ALTER ROLE {_server.User} SET idle_session_timeout = '500ms'");
        await Function.WhileFrozenAsync(() => _server.TerminateBackendsAsync());
        _before = await Function.GetConnectionFactsAsync();
    }

    private async Task MakeAsync(FreezeFault fault, int pid)
    {
        switch (fault)
        {
            case FreezeFault.Terminated:
                Assert.Equal(1, await _server.TerminateBackendsAsync());
                break;
            case FreezeFault.RestartedFast:
                await _server.RestartAsync(PostgresShutdownMode.Fast);
                break;
            case FreezeFault.RestartedImmediate:
                await _server.RestartAsync(PostgresShutdownMode.Immediate);
                break;
            case FreezeFault.IdleTimeout:
                await Eventually.IsAsync(0, async () => (await _server.ListSessionsAsync()).Count);
                await ExecuteAsync($"ALTER ROLE {_server.User} RESET idle_session_timeout");
                break;
            case FreezeFault.Reset:
                _proxy.ResetLiveConnections();
                break;
            case FreezeFault.SilentDrop:
                _proxy.SwallowLiveConnections();
                break;
            case FreezeFault.Down:
                await _server.StopAsync();
                break;
            default:
                _server.Suspend();
                break;
        }

        // The kernel holds the socket of the frozen process, and by now knows better or does not.
        await Eventually.IsAsync(
            !fault.IsKnownToTheKernel(), () => Task.FromResult(ProcessInspection.EstablishedPorts(pid).Contains(_proxy.Port)));
    }

    private void AssertAnswered(FreezeFault fault, FunctionAnswer answer, LogRecord[] log)
    {
        Assert.True(answer.Took < Function.Timeout, $"it took {answer.Took}");
        if (fault.IsAwayTooLong())
            answer.TurnedAway();
        else
            Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}\n{string.Join('\n', log.AsEnumerable())}");
        LogRecord[] replaced = [.. log.Where(IsReplacement)];
        if (fault == FreezeFault.HungAtThaw && replaced.Length == 0)
            return;
        Assert.Contains(
            fault.IsKnownToTheKernel() ? "DeadSocket" : "no answer to the ping",
            Assert.Single(replaced).Message, StringComparison.Ordinal);
    }

    /// <summary>What is still broken after the answer, while the environment is frozen again.</summary>
    private Task RepairAsync(FreezeFault fault) => Function.WhileFrozenAsync(async () =>
    {
        switch (fault)
        {
            case FreezeFault.HungThroughout:
                _server.Resume();
                break;
            case FreezeFault.Down:
                await _server.StartAgainAsync();
                break;
            case FreezeFault.SilentDrop:
                // The backend behind the dropped flow goes when its server's keepalives find that out; here, now.
                foreach (ProxiedConnection dropped in _proxy.Connections.Where(connection => connection.Mode == ProxyMode.Swallow))
                    dropped.Reset();
                break;
        }
    });

    private async Task AssertOneBackendAsync(int backendPid)
    {
        await Eventually.IsAsync(1, async () => (await _server.ListSessionsAsync()).Count);
        Assert.Equal(backendPid, Assert.Single(await _server.ListSessionsAsync()).Pid);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var admin = new NpgsqlConnection(_server.AdminConnectionString);
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync();
    }

    private static bool IsReplacement(LogRecord record) =>
        record.Message.StartsWith("Replacing the connection", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        // A server that stands still would let the function's goodbye wait.
        _server.Resume();
        await Function.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }
}
