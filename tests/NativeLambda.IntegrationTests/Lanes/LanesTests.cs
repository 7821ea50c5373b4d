using System.Globalization;
using System.Text.Json;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Shutdown;

namespace NativeLambda.IntegrationTests.Lanes;

/// <summary>The bootstrap as on Lambda Managed Instances: several invocations at once in one environment.</summary>
public sealed class LanesTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private const int Lanes = 4;
    private const string MaxConcurrency = "AWS_LAMBDA_MAX_CONCURRENCY";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_invocations_run_at_once_as_the_platform_allows_each_on_a_backend_of_its_own()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(platform, database);
        await platform.NextAsync(Lanes);
        int[] backends = await BackendsAsync(database);
        Assert.Equal(Lanes, backends.Length);

        Task<FunctionAnswer>[] movements;
        await using (LockedProduct locked = await LockedProduct.CreateAsync(database))
        {
            movements = [.. Enumerable.Range(0, Lanes).Select(_ => platform.InvokeHttpAsync("POST", locked.Movements, """{"quantity":1}"""))];
            await locked.WaitersAsync(Lanes);
        }

        foreach (FunctionAnswer answer in await Task.WhenAll(movements))
            Assert.Equal(201, answer.Status);
        Assert.Equal(Lanes, await database.QueryAsAdminAsync<long>("SELECT stock FROM products", Cancellation));

        FunctionAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 50 * Lanes).Select(_ => platform.InvokeHttpAsync("GET", "/connection")));
        ConnectionView[] views = [.. answers.Select(View)];
        Assert.All(views, view => Assert.Contains(view.BackendPid, backends));
        Assert.All(views, view => Assert.Equal(1, view.Opens));
        // A lane counts its own invocations, one after the other: two at once on a connection would count one twice.
        Assert.All(views.GroupBy(view => view.BackendPid), lane => Assert.Equal(lane.Count(), lane.Select(view => view.ReusedFor).Distinct().Count()));
        Assert.Equal(backends, await BackendsAsync(database));

        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());
        await Eventually.IsAsync(0, async () => (await BackendsAsync(database)).Length);
    }

    [Fact]
    public async Task Each_lane_replaces_its_own_connection_and_all_of_them_log_json()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(platform, database);
        await platform.NextAsync(Lanes);
        Assert.Equal(Lanes, await database.TerminateBackendsAsync(Cancellation));

        // Not at once, so that each takes one of the lanes that wait; which one, the platform decides.
        FunctionAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 50 * Lanes).Select(_ => platform.InvokeHttpAsync("GET", "/connection")));
        Assert.All(answers.Select(View), view => Assert.Equal(view.ReusedFor == 1, view.Check == "reopened"));
        process.Terminate();
        Assert.Equal(0, await process.ExitAsync());
        JsonElement[] records = [.. process.Output.Select(line => JsonElement.Parse(line))];
        Assert.Equal(
            answers.Select(View).Count(view => view.ReusedFor == 1),
            records.Count(record => record.GetProperty("message").GetString()!.StartsWith("Replacing the connection", StringComparison.Ordinal)));
        Assert.All(records, record => Assert.True(record.GetProperty("timestamp").GetDateTimeOffset() > DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task A_number_of_lanes_that_is_none_is_an_init_error()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await BootstrapProcess.StartAsync(
            bootstrap, platform, database.EnvironmentVariables(), (MaxConcurrency, "0"));
        Assert.Contains("AWS_LAMBDA_MAX_CONCURRENCY is", await platform.InitErrorAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await process.ExitAsync());
    }

    private static ConnectionView View(FunctionAnswer answer)
    {
        Assert.Equal(200, answer.Status);
        return JsonSerializer.Deserialize<ConnectionView>(answer.Body, JsonSerializerOptions.Web)!;
    }

    private static async Task<int[]> BackendsAsync(TestDatabase database) =>
        [.. (await database.ListSessionsAsync(Cancellation)).Select(session => session.Pid).Order()];

    private Task<BootstrapProcess> StartAsync(FakePlatform platform, TestDatabase database) => BootstrapProcess.StartAsync(
        bootstrap, platform, database.EnvironmentVariables(), (MaxConcurrency, Lanes.ToString(CultureInfo.InvariantCulture)));
}
