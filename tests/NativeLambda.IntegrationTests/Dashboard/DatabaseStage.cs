using System.Globalization;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>The published bootstrap over a server of its own, with a proxy between them, and the dashboard over all.</summary>
internal sealed class DatabaseStage : IAsyncDisposable
{
    public const string GetConnection = """{"version":"2.0","rawPath":"/connection","requestContext":{"http":{"method":"GET","path":"/connection"}}}""";

    private DatabaseStage(PostgresServer server, FaultProxy network, LocalLambda lambda) =>
        (Server, Network, Lambda, Dashboard) = (server, network, lambda, new DashboardClient(lambda));

    public PostgresServer Server { get; }

    public FaultProxy Network { get; }

    public LocalLambda Lambda { get; }

    public DashboardClient Dashboard { get; }

    public static async Task<DatabaseStage> StartAsync(BootstrapFixture bootstrap, string? applicationName = null, int environments = 10)
    {
        PostgresServer server = await PostgresFixture.StartServerAsync();
        var network = new FaultProxy(server.Port, keepsHistory: false);
        var variables = new Dictionary<string, string>(server.EnvironmentVariables)
        {
            ["PGPORT"] = network.Port.ToString(CultureInfo.InvariantCulture),
            ["NATIVELAMBDA_PING_AFTER"] = "0s", // a silent drop is noticed after any gap
        };
        if (applicationName is not null) variables["PGAPPNAME"] = applicationName;
        LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = await bootstrap.GetPathAsync(),
            FunctionName = "products",
            Environment = variables,
            Timeout = LambdaFixtures.Guard,
            InitTimeout = LambdaFixtures.Guard,
            MaxConcurrency = environments,
            DashboardPort = 0,
            DashboardDatabase = new DashboardDatabase { Server = server, Network = network },
        });
        return new DatabaseStage(server, network, lambda);
    }

    /// <summary>The only environment, as the dashboard shows it, once it is as wanted.</summary>
    public async Task<int?> WaitForBackendAsync(string environment, Func<int?, bool> wanted)
    {
        int? backend = null;
        await Eventually.IsTrueAsync(async () =>
        {
            var shown = await Dashboard.EnvironmentAsync(environment);
            backend = shown.TryGetProperty("backend", out var pid) ? pid.GetInt32() : null;
            return wanted(backend);
        });
        return backend;
    }

    /// <summary>Invokes and waits until the environment is frozen again.</summary>
    public async Task InvokeAsync()
    {
        Assert.Null((await Lambda.InvokeAsync(GetConnection).Guarded()).FunctionError);
        await Lambda.WaitUntilAsync(static all => all.All(static environment => environment.State == EnvironmentState.Frozen)).Guarded();
    }

    public async ValueTask DisposeAsync()
    {
        Dashboard.Dispose();
        await Lambda.DisposeAsync();
        await Network.DisposeAsync();
        await Server.DisposeAsync();
    }
}
