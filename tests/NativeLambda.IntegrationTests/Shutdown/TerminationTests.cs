using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Lanes;

namespace NativeLambda.IntegrationTests.Shutdown;

/// <summary>SIGTERM and SIGKILL in each phase, as the parent of the bootstrap sees them, the server and the wire (F21).</summary>
public sealed class TerminationTests(PostgresFixture postgres, BootstrapFixture bootstrap, ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_it_waits_for_an_invocation_SIGTERM_says_goodbye_to_the_server_and_exits_with_0()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(platform, database, proxy);
        await platform.NextAsync();
        Assert.Equal(200, (await platform.InvokeHttpAsync("GET", "/connection")).Status);
        await platform.NextAsync();
        Assert.Single(await database.ListSessionsAsync(Cancellation));
        Assert.Equal(0, await TerminateAsync(process));
        await AssertClosedAsync(database, proxy);
        Assert.DoesNotContain(platform.Calls, call => call.EndsWith("error", StringComparison.Ordinal));
        Assert.DoesNotContain(process.Output, IsTrouble);
    }

    [Fact]
    public async Task The_extension_is_registered_before_the_first_invocation_is_asked_for()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await BootstrapProcess.StartAsync(bootstrap, platform, database.EnvironmentVariables());
        await platform.NextAsync();
        await Eventually.IsAsync(3, () => Task.FromResult(platform.Calls.Count));
        Assert.Equal("POST /2020-01-01/extension/register", platform.Calls[0]);
        Assert.Contains("GET /2020-01-01/extension/event/next", platform.Calls);
        Assert.Equal(0, await TerminateAsync(process));
    }

    [Fact]
    public async Task SIGTERM_twice_does_what_one_does()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(platform, database, proxy);
        await platform.NextAsync();
        process.Terminate();
        Assert.Equal(0, await TerminateAsync(process));
        await AssertClosedAsync(database, proxy);
    }

    [Fact]
    public async Task In_mid_statement_SIGTERM_cancels_it_at_the_server_although_it_waits_for_a_lock()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(platform, database, proxy);
        await using LockedProduct locked = await LockedProduct.CreateAsync(database);
        Task<FunctionAnswer> answer = platform.InvokeHttpAsync("POST", locked.Movements, """{"quantity":1}""");
        await locked.WaitersAsync(1);
        Assert.Equal(0, await TerminateAsync(process));
        Assert.Contains("the execution environment is shut down", (await answer).TurnedAway(), StringComparison.Ordinal);
        // The lock is still held: the backend has not gone by getting it.
        await AssertClosedAsync(database, proxy);
        Assert.Contains(proxy.Connections, connection => connection.Messages.Messages.Any(message => message.Type == "CancelRequest"));
        Assert.Equal(0, await database.QueryAsAdminAsync<long>("SELECT count(*) FROM movements", Cancellation));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_waited_for_when_idle()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(platform, database, proxy, ("NATIVELAMBDA_PING_TIMEOUT", "1m"));
        await platform.NextAsync();
        proxy.Mode = ProxyMode.Swallow;
        Assert.Equal(0, await TerminateAsync(process));
        Assert.DoesNotContain(process.Output, IsTrouble);
    }

    [Fact]
    public async Task Nor_in_mid_statement_where_cancelling_it_hangs_as_well()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        // Without a limit of its own the shutdown would take a minute, longer than the test waits.
        await using BootstrapProcess process = await StartAsync(platform, database, proxy, ("NATIVELAMBDA_PING_TIMEOUT", "1m"));
        await using LockedProduct locked = await LockedProduct.CreateAsync(database);
        _ = platform.InvokeHttpAsync("POST", locked.Movements, """{"quantity":1}""");
        await locked.WaitersAsync(1);
        proxy.Mode = ProxyMode.Swallow;
        Assert.Equal(0, await TerminateAsync(process));
        Assert.Contains(process.Output, line => line.Contains("The shutdown is not done after 200 ms", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_Init_SIGTERM_ends_it_with_0_while_the_connection_is_being_opened()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server) { Mode = ProxyMode.Swallow };
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await StartAsync(
            platform, database, proxy, ("NATIVELAMBDA_CONNECT_TIMEOUT", "2m"), ("NATIVELAMBDA_INIT_BUDGET", "2m"));
        await Eventually.IsTrueAsync(() => Task.FromResult(proxy.Connections.Count == 1));
        Assert.Equal(0, await TerminateAsync(process));
        Assert.DoesNotContain(platform.Calls, call => call.Contains("/runtime/", StringComparison.Ordinal));
        Assert.DoesNotContain(process.Output, IsTrouble);
    }

    [Fact]
    public async Task After_SIGKILL_the_backend_goes_with_the_socket()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using FakePlatform platform = await FakePlatform.StartAsync();
        await using BootstrapProcess process = await BootstrapProcess.StartAsync(bootstrap, platform, database.EnvironmentVariables());
        await platform.NextAsync();
        Assert.Single(await database.ListSessionsAsync(Cancellation));
        process.Kill();
        Assert.Equal(128 + 9, await process.ExitAsync());
        await Eventually.IsAsync(0, async () => (await database.ListSessionsAsync(Cancellation)).Count);
    }

    private Task<BootstrapProcess> StartAsync(
        FakePlatform platform, TestDatabase database, FaultProxy proxy, params (string Name, string Value)[] settings) =>
        BootstrapProcess.StartAsync(bootstrap, platform, database.EnvironmentVariables(proxy, plainText: true), settings);

    private async Task<int> TerminateAsync(BootstrapProcess process)
    {
        long start = TimeProvider.System.GetTimestamp();
        process.Terminate();
        int exitCode = await process.ExitAsync();
        output.WriteLine($"SIGTERM to exit: {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0.0} ms");
        return exitCode;
    }

    /// <summary>The backend is gone, and the client has said goodbye: it did not merely vanish.</summary>
    private static async Task AssertClosedAsync(TestDatabase database, FaultProxy proxy)
    {
        ProxiedConnection session = proxy.Connections[0];
        await session.Completion.WaitAsync(FakePlatform.Guard, Cancellation);
        Assert.Equal("X", session.Messages.Messages.Last(message => message.Direction == TrafficDirection.ToServer).Type);
        await Eventually.IsAsync(0, async () => (await database.ListSessionsAsync(Cancellation)).Count);
    }

    private static bool IsTrouble(string line) => LogRecord.Parse(line) is not { IsTrouble: false };
}
