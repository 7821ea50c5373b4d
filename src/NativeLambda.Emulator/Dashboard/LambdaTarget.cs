using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;

namespace NativeLambda.Emulator.Dashboard;

/// <summary>A <see cref="LocalLambda"/> under the dashboard's hands.</summary>
internal sealed class LambdaTarget(LocalLambda lambda) : IDashboardTarget
{
    public FreezeMethod FreezeMethod => lambda.FreezeMethod;

    public IReadOnlyList<DashboardFunction> Functions { get; } =
    [
        .. lambda.Functions.Select(static function => new DashboardFunction(
            function.Name, function.Settings.MemorySizeMb, function.Settings.Timeout, function.Settings.MaxConcurrency)),
    ];

    public Task<InvokeResult> InvokeAsync(string function, ReadOnlyMemory<byte> payload) => lambda.Function(function).InvokeAsync(payload);

    public async Task<string> StartEnvironmentAsync(string function)
    {
        EnvironmentSnapshot environment = await lambda.Function(function).StartEnvironmentAsync();
        return environment.Id;
    }

    public Task FreezeAsync(string environmentId) => lambda.FreezeAsync(environmentId);

    public Task ThawAsync(string environmentId) => lambda.ThawAsync(environmentId);

    public Task KillAsync(string environmentId) => lambda.KillAsync(environmentId);

    public Task ShutdownAsync(string environmentId) => lambda.ShutdownEnvironmentAsync(environmentId);
}
