using System.Text;
using NativeLambda.Database.Credentials;
using NativeLambda.Database;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Settings;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.IntegrationTests.Credentials;

/// <summary>
/// A live connection in this process whose settings come from variables; at its end, its log and what the server shows of it are
/// searched for the secrets.
/// </summary>
internal sealed class CredentialStage : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly MemoryStream _output = new();
    private readonly LiveConnection _connection;
    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly SecretSearch _search;

    /// <param name="variables">The environment variables.</param>
    /// <param name="overrides">What is set besides or otherwise; an empty value is as good as none.</param>
    /// <param name="time">The clock of the tokens.</param>
    public CredentialStage(IReadOnlyDictionary<string, string> variables, (string Name, string Value)[] overrides, TimeProvider? time = null)
    {
        var all = new Dictionary<string, string>(variables);
        foreach ((string name, string value) in overrides)
            all[name] = value;
        _variables = variables;
        _search = new SecretSearch(variables, all);
        DatabaseSettings settings = DatabaseSettings.FromVariables(name => all.GetValueOrDefault(name));
        ICredentialSource? source = CredentialSources.Create(
            settings.Connection, new VariableReader(name => all.GetValueOrDefault(name)), time ?? TimeProvider.System);
        var log = new LambdaLog(_output, TimeProvider.System, json: false, LogLevel.Debug);
        var guards = new StartupGuards(settings.Server, log);
        var factory = new NpgsqlSessionFactory(settings, guards, configure: null, source);
        _connection = new LiveConnection(settings, guards, factory, TimeProvider.System, Random.Shared, log);
    }

    public string Log => Encoding.UTF8.GetString(_output.ToArray());

    public int Refusals => Log.Split("The server refused the credentials; asking for new ones.").Length - 1;

    /// <summary>What must not show besides the secrets among the variables.</summary>
    public List<string> Secrets { get; } = [];

    public Task OpenAsync() => _connection.OpenInInitAsync(Guard);

    /// <summary>An invocation that asks who it is.</summary>
    public async Task<string> InvokeAsync()
    {
        Loan loan = await _connection.LendAsync(Guard, "request");
        await using (var command = new NpgsqlCommand("SELECT session_user::text", loan.Connection))
        {
            string user = (string)(await command.ExecuteScalarAsync())!;
            _search.Add("the connection string that the handler sees", loan.Connection.ConnectionString);
            await _connection.TakeBackAsync(Guard, "request");
            return user;
        }
    }

    /// <summary>An open that must fail for good; returns what is said.</summary>
    public async Task<string> RefuseAsync()
    {
        DatabaseOpenException refused = await Assert.ThrowsAsync<DatabaseOpenException>(OpenAsync);
        Assert.False(refused.IsTransient);
        _search.Add("an exception", refused.ToString());
        return refused.Message;
    }

    /// <summary>Kills the backend, as it happens while frozen.</summary>
    public static async Task LoseAsync(TestDatabase database) => Assert.Equal(1, await database.TerminateBackendsAsync());

    public async ValueTask DisposeAsync()
    {
        try
        {
            // While its session is there.
            await _search.AddServersOfAsync(_variables);
        }
        finally
        {
            await _connection.DisposeAsync();
        }

        foreach (string secret in Secrets)
            _search.AddSecret(secret);
        _search.Add("the log", Log);
        _search.AssertNothingFound();
        await _output.DisposeAsync();
    }
}
