using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The network resets the connection (RST) while the environment is frozen.</summary>
public sealed class ResetConnectionTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task A_hundred_of_a_hundred_next_invocations_answer_on_a_new_backend()
    {
        const int Rounds = 100;
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var proxy = new FaultProxy(database.Server);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables(proxy));
        await FaultRounds.CreateProductAsync(function);
        await FaultRounds.AssertReopenedAsync(function, Rounds, () => ResetAsync(proxy, function.ProcessId));
        // On the wire, too: one for Init and one after each fault.
        Assert.Equal(1 + (2 * Rounds), proxy.Connections.Count);
    }

    private static async Task ResetAsync(FaultProxy proxy, int processId)
    {
        Assert.Equal([proxy.Port], ConnectionsTo(proxy, processId));
        proxy.ResetLiveConnections();
        await Eventually.IsTrueAsync(() => Task.FromResult(ConnectionsTo(proxy, processId).Count == 0));
    }

    /// <summary>What the kernel holds for the frozen process.</summary>
    private static IReadOnlyList<int> ConnectionsTo(FaultProxy proxy, int processId) =>
        [.. ProcessInspection.EstablishedPorts(processId).Where(port => port == proxy.Port)];
}
