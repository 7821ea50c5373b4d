using System.Diagnostics;
using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The server is in start-up when the environment is thawed, and refuses with 57P03.</summary>
public sealed class StartingServerTests(BootstrapFixture bootstrap)
{
    // A standby that serves no reads is in recovery until it is promoted: a start-up that lasts as long as a test wants.
    private static readonly PostgresServerOptions Standby = new() { Settings = new Dictionary<string, string> { ["hot_standby"] = "off" } };

    [Fact]
    public async Task An_invocation_waits_for_it()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync(Standby);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, server.EnvironmentVariables);
        await FaultRounds.CreateProductAsync(function);
        Task starting = Task.CompletedTask;
        await function.WhileFrozenAsync(async () => starting = await RestartIntoRecoveryAsync(server));
        Task<FunctionAnswer> invocation = function.InvokeHttpAsync("GET", FaultRounds.Product);
        await function.WaitForLogAsync(PostgresErrorCodes.CannotConnectNow, times: 2);
        await PromoteAsync(server);
        Assert.Equal(200, (await invocation).Status);
        await starting;
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task Where_it_takes_too_long_callers_are_turned_away()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync(Standby);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, server.EnvironmentVariables, Deadlines.Near, Deadlines.Margin);
        await FaultRounds.CreateProductAsync(function);
        Task starting = Task.CompletedTask;
        await function.WhileFrozenAsync(async () => starting = await RestartIntoRecoveryAsync(server));
        FunctionAnswer answer = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        answer.TurnedAway();
        Assert.True(answer.Took < Deadlines.Near, $"it took {answer.Took}");
        await function.WhileFrozenAsync(async () =>
        {
            await PromoteAsync(server);
            await starting;
        });
        Assert.Contains(PostgresErrorCodes.CannotConnectNow, Assert.Single(function.Troubles), StringComparison.Ordinal);
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
    }

    /// <returns>The start, which ends when the server is ready.</returns>
    private static async Task<Task> RestartIntoRecoveryAsync(PostgresServer server)
    {
        await server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "standby.signal"), "");
        Task starting = server.StartAgainAsync();
        await Eventually.IsAsync(PostgresErrorCodes.CannotConnectNow, async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(server.ConnectionString);
                await connection.OpenAsync();
                return "open";
            }
            catch (NpgsqlException refused)
            {
                return refused.SqlState;
            }
        });
        return starting;
    }

    /// <summary>What <c>pg_ctl promote</c> does.</summary>
    private static async Task PromoteAsync(PostgresServer server)
    {
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "promote"), "");
        using Process kill = Process.Start("kill", ["-USR1", server.PostmasterPid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
