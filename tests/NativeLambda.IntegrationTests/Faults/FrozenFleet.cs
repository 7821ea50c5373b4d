using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>Several environments that meet the same fault, for faults that are slow to make.</summary>
internal sealed class FrozenFleet : IAsyncDisposable
{
    private readonly FrozenFunction[] _functions;

    private FrozenFleet(FrozenFunction[] functions) => _functions = functions;

    public IReadOnlyList<FrozenFunction> Functions => _functions;

    /// <inheritdoc cref="FrozenFunction.StartAsync"/>
    public static async Task<FrozenFleet> StartAsync(
        int environments, BootstrapFixture bootstrap, IReadOnlyDictionary<string, string> database, TimeSpan? timeout = null,
        params (string Name, string Value)[] settings) =>
        new(await Task.WhenAll(Enumerable.Range(0, environments).Select(_ => FrozenFunction.StartAsync(bootstrap, database, timeout, settings))));

    /// <summary>Waits until all are frozen, makes a fault, and asserts that all were frozen all the time.</summary>
    public Task WhileFrozenAsync(Func<Task> fault) =>
        _functions.Aggregate(fault, (inner, function) => () => function.WhileFrozenAsync(inner))();

    /// <summary>The same for each environment, all at once.</summary>
    public Task<T[]> EachAsync<T>(Func<FrozenFunction, Task<T>> act) => Task.WhenAll(_functions.Select(act));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_functions.Select(function => function.DisposeAsync().AsTask()));
}
