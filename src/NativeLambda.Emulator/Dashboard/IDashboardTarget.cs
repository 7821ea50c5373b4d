using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Emulator.Dashboard;

/// <summary>What the dashboard needs of the emulator: it is not bound to how functions are hosted.</summary>
internal interface IDashboardTarget
{
    FreezeMethod FreezeMethod { get; }

    IReadOnlyList<DashboardFunction> Functions { get; }

    Task<InvokeResult> InvokeAsync(string function, ReadOnlyMemory<byte> payload);

    /// <exception cref="InvalidOperationException">The maximum concurrency is reached.</exception>
    /// <exception cref="InitFailedException">Its Init failed.</exception>
    Task<string> StartEnvironmentAsync(string function);

    /// <exception cref="ArgumentException">There is no such environment. So have all that follow.</exception>
    Task FreezeAsync(string environmentId);

    Task ThawAsync(string environmentId);

    Task KillAsync(string environmentId);

    Task ShutdownAsync(string environmentId);
}
