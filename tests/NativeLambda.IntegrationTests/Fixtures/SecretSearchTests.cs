using System.Diagnostics;
using Npgsql;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>A secret that was planted in each of the places is found there, and told without being shown.</summary>
public sealed class SecretSearchTests(PostgresFixture postgres)
{
    private const string Secret = "b1tter/\"almond\"+";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("connecting with b1tter/\"almond\"+ now")]
    [InlineData("""{"message":"b1tter/\u0022almond\u0022\u002B"}""")]
    [InlineData("/secret?value=b1tter%2F%22almond%22%2B&x=y")]
    public void In_a_text_in_a_JSON_string_and_in_a_URL(string text) => AssertFound(Search(("the log", text)), "the log");

    [Theory]
    [InlineData("PGPASSWORD")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_SESSION_TOKEN")]
    public void Whichever_variable_it_was_given_in(string variable)
    {
        var search = new SecretSearch(new Dictionary<string, string> { [variable] = Secret, ["PGUSER"] = "app" });
        search.Add("a payload", $"user app, {Secret}");
        AssertFound(search, "a payload");
    }

    [Fact]
    public async Task In_a_command_line()
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", "read line", Secret]) { RedirectStandardInput = true })!;
        // The process is told to be there a moment before the kernel shows its command line.
        await Eventually.IsTrueAsync(() => Task.FromResult(ProcessInspection.CommandLine(process.Id) is { Length: > 0 }));
        SecretSearch search = Search();
        search.AddCommandLine(process.Id);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
        AssertFound(search, $"/proc/{process.Id}/cmdline");
    }

    [Theory]
    [InlineData("pg_stat_activity.query")]
    [InlineData("pg_stat_activity.application_name")]
    [InlineData("the server's log")]
    public async Task In_what_the_server_shows_of_a_session_in_any_database_and_in_what_it_has_logged(string place)
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using TestDatabase mine = await postgres.CreateDatabaseAsync(Cancellation);
        await using var session = new NpgsqlConnection(database.ConnectionString);
        await session.OpenAsync(Cancellation);
        string secret = $"planted-in-{database.Name}";
        await using var command = new NpgsqlCommand($"SELECT '{secret}'", session);
        switch (place)
        {
            case "pg_stat_activity.application_name":
                command.CommandText = "SELECT set_config('application_name', $1, false)";
                command.Parameters.AddWithValue(secret);
                break;
            case "the server's log":
                command.CommandText = $"DO $$ BEGIN RAISE EXCEPTION '{secret}'; END $$";
                break;
        }

        if (place == "the server's log")
            await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
        else
            await command.ExecuteNonQueryAsync(Cancellation);

        var search = new SecretSearch();
        search.AddSecret(secret);
        await search.AddServersOfAsync(mine.EnvironmentVariables());
        Assert.Contains(search.Findings, finding => finding.StartsWith(place, StringComparison.Ordinal));
        Assert.DoesNotContain(search.Findings, finding => finding.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Through_a_proxy_as_well()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        Assert.Equal([database.Server], TestServers.Answering(database.EnvironmentVariables(proxy)));
    }

    [Fact]
    public void What_is_no_secret_is_not_found_and_a_search_of_nothing_is_no_search()
    {
        SecretSearch search = Search(("the log", "user app"), ("a payload", ""));
        search.AddSecret("");
        search.AssertNothingFound();
        Assert.ThrowsAny<Exception>(() => Search().AssertNothingFound());
    }

    private static SecretSearch Search(params (string Place, string Text)[] texts)
    {
        var search = new SecretSearch();
        search.AddSecret(Secret);
        foreach ((string place, string text) in texts)
            search.Add(place, text);
        return search;
    }

    private static void AssertFound(SecretSearch search, string place)
    {
        Exception told = Assert.ThrowsAny<Exception>(search.AssertNothingFound);
        Assert.Contains($"{place}: ", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, told.Message, StringComparison.Ordinal);
    }
}
