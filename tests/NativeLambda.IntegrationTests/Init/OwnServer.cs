using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>A server for the tests of one class, which stop it or change its certificate.</summary>
public sealed class OwnServer : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresFixture.StartServerAsync();

    /// <summary>Whatever the test before has left.</summary>
    public async Task StopAsync() => await Server.StopAsync();

    /// <inheritdoc cref="StopAsync"/>
    public async Task EnsureRunningAsync()
    {
        if (!Server.IsRunning)
            await Server.StartAgainAsync();
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
