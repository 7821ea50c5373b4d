using NativeLambda.Database;
using NativeLambda.Emulator.Postgres;
using NativeLambda.Telemetry;

namespace NativeLambda.IntegrationTests.Database;

/// <summary>A live connection in this process, to a real server, with its log.</summary>
internal sealed class LiveSession : IAsyncDisposable
{
    private readonly MemoryStream _log = new();

    private LiveSession(DatabaseSettings settings)
    {
        var log = new LambdaLog(_log, TimeProvider.System, json: false, LogLevel.Debug);
        Guards = new StartupGuards(settings.Server, log);
        Connection = new LiveConnection(
            settings, Guards, new NpgsqlSessionFactory(settings, Guards, configure: null), TimeProvider.System, Random.Shared, log);
    }

    public LiveConnection Connection { get; }

    public StartupGuards Guards { get; }

    public string Log => System.Text.Encoding.UTF8.GetString(_log.ToArray());

    public static async Task<LiveSession> OpenAsync(
        IReadOnlyDictionary<string, string> variables, Func<DatabaseSettings, DatabaseSettings>? change = null)
    {
        DatabaseSettings settings = DatabaseSettings.FromVariables(name => variables.GetValueOrDefault(name));
        var session = new LiveSession(change is null ? settings : change(settings));
        await session.Connection.OpenInInitAsync(settings.Lifetime.InitBudget);
        return session;
    }

    public static Task<LiveSession> OpenAsync(PostgresServer server, Func<DatabaseSettings, DatabaseSettings>? change = null) =>
        OpenAsync(server.EnvironmentVariables, change);

    /// <summary>One invocation, whose handler does what it is given.</summary>
    public async Task<ConnectionFacts> ServeAsync(Func<Npgsql.NpgsqlConnection, Task>? handler = null)
    {
        Loan loan = await Connection.LendAsync(TimeSpan.FromSeconds(30), "r");
        if (handler is not null)
            await handler(loan.Connection);
        await Connection.TakeBackAsync(TimeSpan.FromSeconds(30), "r");
        return loan.Facts;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _log.DisposeAsync();
    }
}
