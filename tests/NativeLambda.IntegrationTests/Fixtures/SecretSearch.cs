using System.Collections.Concurrent;
using System.Text.Json;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>
/// Everything that came out of a function, and everything of it that others on the machine or on the server can see: none of it may
/// have a secret in it, in clear text or as a URL or a JSON string would spell it.
/// </summary>
internal sealed class SecretSearch
{
    /// <summary>The variables that are a secret as a whole.</summary>
    private static readonly string[] SecretVariables = ["PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

    private readonly ConcurrentQueue<(string Place, string Text)> _texts = new();
    private readonly ConcurrentDictionary<string, bool> _secrets = new();

    /// <param name="variables">The function's environment: its secrets must not show anywhere else.</param>
    public SecretSearch(params IReadOnlyDictionary<string, string>[] variables)
    {
        foreach (IReadOnlyDictionary<string, string> some in variables)
            foreach (string name in SecretVariables)
                AddSecret(some.GetValueOrDefault(name, ""));
    }

    /// <summary>Something else that must not show; the empty string is no secret.</summary>
    public void AddSecret(string secret)
    {
        if (secret.Length > 0)
            _secrets[secret] = true;
    }

    /// <summary>A text that came out.</summary>
    public void Add(string place, string text) => _texts.Enqueue((place, text));

    /// <summary>The command line of a process, which every user of the machine can read. Its environment is for its own user alone.</summary>
    public void AddCommandLine(int pid)
    {
        if (ProcessInspection.CommandLine(pid) is { } commandLine)
            Add($"/proc/{pid}/cmdline", commandLine);
    }

    /// <summary>What the servers of a client show of every session, in any database, to whoever may look, and what they have logged.</summary>
    public async Task AddServersOfAsync(IReadOnlyDictionary<string, string> variables)
    {
        foreach (PostgresServer server in TestServers.Answering(variables))
            await AddServerAsync(server);
    }

    /// <inheritdoc cref="AddServersOfAsync"/>
    public async Task AddServerAsync(PostgresServer server)
    {
        await using (var admin = new NpgsqlConnection(server.AdminConnectionString))
        {
            await admin.OpenAsync();
            // Not the sessions of the tests' own control, which sets passwords.
            await using var command = new NpgsqlCommand(
                """
                SELECT pid, coalesce(application_name, '') AS application_name, coalesce(query, '') AS query,
                    coalesce(usename, '') AS usename, coalesce(datname, '') AS datname
                FROM pg_stat_activity
                WHERE application_name IS DISTINCT FROM current_setting('application_name')
                """,
                admin);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (int column = 1; column < reader.FieldCount; column++)
                    Add($"pg_stat_activity.{reader.GetName(column)} of backend {reader.GetInt32(0)}", reader.GetString(column));
        }

        Add("the server's log", await server.ReadLogAsync());
    }

    /// <summary>Where a secret shows, one line a place, with the secret itself left out.</summary>
    public IReadOnlyList<string> Findings =>
    [
        .. from found in _texts
           from secret in _secrets.Keys.SelectMany(Spellings)
           let at = found.Text.IndexOf(secret, StringComparison.Ordinal)
           where at >= 0
           select $"{found.Place}: {found.Text[Math.Max(0, at - 60)..at]}[a secret of {secret.Length} characters]",
    ];

    /// <summary>Asserts that no secret shows in anything that was added.</summary>
    public void AssertNothingFound()
    {
        // A search that has seen nothing finds nothing.
        Assert.NotEmpty(_texts);
        IReadOnlyList<string> findings = Findings;
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private static IEnumerable<string> Spellings(string secret) =>
        new[] { secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret)[1..^1] }.Distinct();
}
