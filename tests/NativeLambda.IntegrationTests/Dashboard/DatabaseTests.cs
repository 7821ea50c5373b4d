using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Dashboard.Browsing;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>What the dashboard knows of the database, and does to it.</summary>
public sealed class DatabaseTests(BootstrapFixture bootstrap, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_backend_is_found_by_the_socket_of_the_environment_s_process_whatever_the_client_calls_itself()
    {
        await using DatabaseStage stage = await DatabaseStage.StartAsync(bootstrap, applicationName: "any/$LATEST/00000000");
        string first = (await stage.Lambda.StartEnvironmentAsync().Guarded()).Id;
        string second = (await stage.Lambda.StartEnvironmentAsync().Guarded()).Id;
        int?[] shown =
        [
            await stage.WaitForBackendAsync(first, static pid => pid is not null),
            await stage.WaitForBackendAsync(second, static pid => pid is not null),
        ];
        // The order of logins is that of the environments: the second began when the first was frozen.
        IReadOnlyList<PostgresSession> sessions = await stage.Server.ListSessionsAsync();
        Assert.Equal(sessions.Select(static session => (int?)session.Pid), shown);
        JsonElement database = (await stage.Dashboard.StateAsync()).GetProperty("figures").GetProperty("database");
        Assert.Equal(
            ("up", 2, 100, 0),
            (database.GetProperty("state").GetString(), database.GetProperty("connections").GetInt32(),
                database.GetProperty("maxConnections").GetInt32(), database.GetProperty("foreign").GetInt32()));
    }

    [Fact]
    public async Task Over_a_Unix_socket_a_backend_is_found_by_its_name()
    {
        await using PostgresServer server = await PostgresFixture.StartServerAsync();
        var variables = new Dictionary<string, string>(server.EnvironmentVariables)
        {
            ["PGHOST"] = new Npgsql.NpgsqlConnectionStringBuilder(server.AdminConnectionString).Host!,
            ["PGSSLMODE"] = "disable",
        };
        await using LocalLambda lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = await bootstrap.GetPathAsync(),
            Environment = variables,
            Timeout = LambdaFixtures.Guard,
            InitTimeout = LambdaFixtures.Guard,
            DashboardPort = 0,
            DashboardDatabase = new DashboardDatabase { Server = server },
        });
        using var dashboard = new DashboardClient(lambda);
        string id = (await lambda.StartEnvironmentAsync().Guarded()).Id;
        int expected = Assert.Single(await server.ListSessionsAsync()).Pid;
        await Eventually.IsTrueAsync(async () =>
            (await dashboard.EnvironmentAsync(id)).TryGetProperty("backend", out JsonElement pid) && pid.GetInt32() == expected);
        (int status, _) = await dashboard.PostAsync("/api/network/drop");
        Assert.Equal(409, status); // no proxy here
    }

    [Fact]
    public async Task A_terminated_backend_is_missed_while_frozen_and_replaced_by_the_next_invocation()
    {
        await using DatabaseStage stage = await DatabaseStage.StartAsync(bootstrap);
        string id = (await stage.Lambda.StartEnvironmentAsync().Guarded()).Id;
        int? before = await stage.WaitForBackendAsync(id, static pid => pid is not null);
        Assert.Equal(1, (await stage.Dashboard.PostOkAsync("/api/database/terminate", $$"""{"environment":"{{id}}"}""")).GetProperty("terminated").GetInt32());
        await stage.WaitForBackendAsync(id, static pid => pid is null);
        JsonElement shown = await stage.Dashboard.EnvironmentAsync(id);
        Assert.Equal(("frozen", true), (shown.GetProperty("phase").GetString(), shown.GetProperty("backendLost").GetBoolean()));

        (int status, _) = await stage.Dashboard.PostAsync("/api/database/terminate", $$"""{"environment":"{{id}}"}""");
        Assert.Equal(409, status); // it has none now
        (status, _) = await stage.Dashboard.PostAsync("/api/database/terminate", """{"environment":"nobody"}""");
        Assert.Equal(404, status);

        await stage.InvokeAsync();
        int? after = await stage.WaitForBackendAsync(id, static pid => pid is not null);
        Assert.NotEqual(before, after);
        shown = await stage.Dashboard.EnvironmentAsync(id);
        Assert.Equal((1, false), (shown.GetProperty("reopens").GetInt32(), shown.TryGetProperty("backendLost", out _)));
        Assert.Contains("reopening", shown.GetProperty("spans").EnumerateArray().Select(static span => span[0].GetString()));
    }

    [Fact]
    public async Task A_restart_takes_all_backends_away_and_is_shown()
    {
        await using DatabaseStage stage = await DatabaseStage.StartAsync(bootstrap);
        string id = (await stage.Lambda.StartEnvironmentAsync().Guarded()).Id;
        await stage.WaitForBackendAsync(id, static pid => pid is not null);
        int postmaster = stage.Server.PostmasterPid;
        await stage.Dashboard.PostOkAsync("/api/database/restart", """{"mode":"immediate"}""");
        Assert.NotEqual(postmaster, stage.Server.PostmasterPid);
        await stage.WaitForBackendAsync(id, static pid => pid is null);
        await stage.InvokeAsync();
        await stage.WaitForBackendAsync(id, static pid => pid is not null);

        await stage.Server.StopAsync();
        await Eventually.IsAsync("down", async () => (await StateAsync(stage)).GetString());
        (int status, JsonElement answer) = await stage.Dashboard.PostAsync("/api/database/terminate");
        Assert.Equal(409, status);
        Assert.StartsWith("the database did not do it: ", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        await stage.Server.StartAgainAsync();
        await Eventually.IsAsync("up", async () => (await StateAsync(stage)).GetString());
        stage.Server.Suspend();
        await Eventually.IsAsync("silent", async () => (await StateAsync(stage)).GetString());
        stage.Server.Resume();
        await Eventually.IsAsync("up", async () => (await StateAsync(stage)).GetString());
        (status, _) = await stage.Dashboard.PostAsync("/api/database/restart", """{"mode":"gently"}""");
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task A_cut_network_keeps_an_environment_reopening_until_it_is_restored_seen_in_the_browser()
    {
        await using DatabaseStage stage = await DatabaseStage.StartAsync(bootstrap);
        string id = (await stage.Lambda.StartEnvironmentAsync().Guarded()).Id;
        int? before = await stage.WaitForBackendAsync(id, static pid => pid is not null);
        Page page = await browser.OpenAsync(stage.Lambda.DashboardUrl!);
        await page.WaitForAsync($"document.querySelector('.cell')?.textContent.includes('pid {before}')");
        await page.WaitForAsync("document.getElementById('connections').textContent === '1 of 100'");
        await page.ClickAsync(".cell");
        await page.WaitForAsync("!document.getElementById('inspector').hidden");
        await page.ClickAsync("[data-control=terminate]");
        await page.WaitForAsync("document.querySelector('.cell').textContent.includes('backend lost')");
        await page.WaitForAsync("document.getElementById('connections').textContent === '0 of 100'");
        await page.ClickAsync("#outage");
        await page.WaitForAsync("document.getElementById('outage').getAttribute('aria-pressed') === 'true'");

        Task<InvokeResult> invocation = stage.Lambda.InvokeAsync(DatabaseStage.GetConnection);
        await page.WaitForAsync("document.querySelector('.cell').dataset.phase === 'reopening'");
        Assert.Contains("Reopening", await page.TextAsync("#inspector-phase"), StringComparison.Ordinal);
        Assert.False(invocation.IsCompleted);
        await page.ClickAsync("#outage");
        Assert.Null((await invocation.Guarded()).FunctionError);
        await page.WaitForAsync("document.querySelector('.cell').dataset.phase === 'frozen' && document.querySelector('.cell').textContent.includes('pid ')");
        await page.WaitForAsync("document.getElementById('inspector-facts').textContent.includes('1 ×')");
        Assert.NotEqual(before, await stage.WaitForBackendAsync(id, static pid => pid is not null));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Dropped_flows_are_silent_and_new_ones_work()
    {
        await using DatabaseStage stage = await DatabaseStage.StartAsync(bootstrap);
        string id = (await stage.Lambda.StartEnvironmentAsync().Guarded()).Id;
        int? before = await stage.WaitForBackendAsync(id, static pid => pid is not null);
        Assert.Equal(1, (await stage.Dashboard.PostOkAsync("/api/network/drop", """{"flows":"live"}""")).GetProperty("dropped").GetInt32());
        JsonElement network = (await stage.Dashboard.StateAsync()).GetProperty("figures").GetProperty("network");
        Assert.False(network.GetProperty("dropped").GetBoolean());
        Assert.Equal(before, Assert.Single(await stage.Server.ListSessionsAsync()).Pid); // the server has not been told
        await stage.InvokeAsync();
        await stage.WaitForBackendAsync(id, pid => pid is not null && pid != before);
    }

    private static async Task<JsonElement> StateAsync(DatabaseStage stage) =>
        (await stage.Dashboard.StateAsync()).GetProperty("figures").GetProperty("database").GetProperty("state");
}
