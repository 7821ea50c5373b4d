using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>One environment for all tests of a class that send it nonsense: it must survive them all.</summary>
public sealed class SharedFunction(PostgresFixture postgres, BootstrapFixture bootstrap) : IAsyncLifetime
{
    private TestDatabase? _database;
    private FrozenFunction? _function;
    private int _processId;

    internal FrozenFunction Function => _function!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        _function = await FrozenFunction.StartAsync(bootstrap, _database.EnvironmentVariables());
        _processId = _function.ProcessId;
        await FaultRounds.CreateProductAsync(_function);
    }

    /// <summary>Asserts that the same process serves on, on the connection of Init.</summary>
    internal async Task AssertServesOnAsync()
    {
        Assert.Equal(200, (await Function.InvokeHttpAsync("GET", FaultRounds.Product)).Status);
        Assert.Equal(1, (await Function.GetConnectionFactsAsync()).Opens);
        Assert.Equal(_processId, Function.ProcessId);
    }

    public async ValueTask DisposeAsync()
    {
        if (_function is not null)
            await _function.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
