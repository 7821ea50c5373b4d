using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Lanes;

namespace NativeLambda.IntegrationTests.Shutdown;

/// <summary>The published bootstrap between a platform and a database of its own, whose wire a proxy reads.</summary>
internal sealed class ProxiedBootstrap : IAsyncDisposable
{
    private readonly Parts _parts = new();

    private ProxiedBootstrap()
    {
    }

    public TestDatabase Database { get; private set; } = null!;

    public FaultProxy Proxy { get; private set; } = null!;

    public FakePlatform Platform { get; private set; } = null!;

    public BootstrapProcess Process { get; private set; } = null!;

    public static async Task<ProxiedBootstrap> StartAsync(
        PostgresFixture postgres, BootstrapFixture bootstrap, ProxyMode mode, params (string Name, string Value)[] settings)
    {
        var function = new ProxiedBootstrap();
        Parts parts = function._parts;
        try
        {
            function.Database = parts.Add(await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken));
            function.Proxy = parts.Add(new FaultProxy(function.Database.Server) { Mode = mode });
            function.Platform = parts.Add(await FakePlatform.StartAsync());
            function.Process = parts.Add(await BootstrapProcess.StartAsync(
                bootstrap, function.Platform, function.Database.EnvironmentVariables(function.Proxy, plainText: true), settings));
            return function;
        }
        catch
        {
            await function.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a line says that the shutdown has taken longer than there was time.</summary>
    public static bool IsGivenUp(string line) => line.Contains("The shutdown is not done after 200 ms", StringComparison.Ordinal);

    /// <summary>The backend is gone, and the client has said goodbye: it did not merely vanish.</summary>
    public async Task AssertClosedAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ProxiedConnection session = Proxy.Connections[0];
        await session.Completion.WaitAsync(FakePlatform.Guard, cancellation);
        Assert.Equal("X", session.Messages.Messages.Last(message => message.Direction == TrafficDirection.ToServer).Type);
        await Eventually.IsAsync(0, async () => (await Database.ListSessionsAsync(cancellation)).Count);
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();
}
