using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Lanes;

namespace NativeLambda.IntegrationTests.Shutdown;

/// <summary>SIGTERM and SIGKILL in each phase, as the parent of the bootstrap sees them, the server and the wire (F21).</summary>
public sealed class TerminationTests(PostgresFixture postgres, BootstrapFixture bootstrap, ITestOutputHelper output)
{
    private const int MaxAttempts = 10;
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_it_waits_for_an_invocation_SIGTERM_says_goodbye_to_the_server_and_exits_with_0()
    {
        await using ProxiedBootstrap function = await StartAsync();
        await function.Platform.NextAsync();
        Assert.Equal(200, (await function.Platform.InvokeHttpAsync("GET", "/connection")).Status);
        await function.Platform.NextAsync();
        Assert.Single(await function.Database.ListSessionsAsync(Cancellation));
        Assert.Equal(0, await TerminateAsync(function));
        await function.AssertClosedAsync();
        Assert.DoesNotContain(function.Platform.Calls, call => call.EndsWith("error", StringComparison.Ordinal));
        Assert.DoesNotContain(function.Process.Output, IsTrouble);
    }

    [Fact]
    public async Task The_extension_is_registered_before_the_first_invocation_is_asked_for()
    {
        await using ProxiedBootstrap function = await StartAsync();
        await function.Platform.NextAsync();
        await Eventually.IsAsync(3, () => Task.FromResult(function.Platform.Calls.Count));
        Assert.Equal("POST /2020-01-01/extension/register", function.Platform.Calls[0]);
        Assert.Contains("GET /2020-01-01/extension/event/next", function.Platform.Calls);
        Assert.Equal(0, await TerminateAsync(function));
    }

    [Fact]
    public async Task SIGTERM_twice_does_what_one_does()
    {
        await using ProxiedBootstrap function = await StartAsync();
        await function.Platform.NextAsync();
        function.Process.Terminate();
        Assert.Equal(0, await TerminateAsync(function));
        await function.AssertClosedAsync();
    }

    [Fact]
    public async Task In_mid_statement_SIGTERM_cancels_it_at_the_server_although_it_waits_for_a_lock()
    {
        // A cancellation takes a connection of its own, and on a busy machine that may take longer than there is time: then the log says so.
        int attempts = 0;
        while (!await CancelsInMidStatementAsync())
            Assert.True(++attempts < MaxAttempts, $"{attempts} times of {attempts} the shutdown was not done in time");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_not_waited_for_when_idle()
    {
        await using ProxiedBootstrap function = await StartAsync(ProxyMode.Forward, ("NATIVELAMBDA_PING_TIMEOUT", "1m"));
        await function.Platform.NextAsync();
        function.Proxy.Mode = ProxyMode.Swallow;
        Assert.Equal(0, await TerminateAsync(function));
        Assert.DoesNotContain(function.Process.Output, IsTrouble);
    }

    [Fact]
    public async Task Nor_in_mid_statement_where_cancelling_it_hangs_as_well()
    {
        // Without a limit of its own the shutdown would take a minute, longer than the test waits.
        await using ProxiedBootstrap function = await StartAsync(ProxyMode.Forward, ("NATIVELAMBDA_PING_TIMEOUT", "1m"));
        await using LockedProduct locked = await LockedProduct.CreateAsync(function.Database);
        _ = function.Platform.InvokeHttpAsync("POST", locked.Movements, """{"quantity":1}""");
        await locked.WaitersAsync(1);
        function.Proxy.Mode = ProxyMode.Swallow;
        Assert.Equal(0, await TerminateAsync(function));
        Assert.Contains(function.Process.Output, ProxiedBootstrap.IsGivenUp);
    }

    [Fact]
    public async Task In_Init_SIGTERM_ends_it_with_0_while_the_connection_is_being_opened()
    {
        await using ProxiedBootstrap function = await StartAsync(
            ProxyMode.Swallow, ("NATIVELAMBDA_CONNECT_TIMEOUT", "2m"), ("NATIVELAMBDA_INIT_BUDGET", "2m"));
        await Eventually.IsTrueAsync(() => Task.FromResult(function.Proxy.Connections.Count == 1));
        Assert.Equal(0, await TerminateAsync(function));
        Assert.DoesNotContain(function.Platform.Calls, call => call.Contains("/runtime/", StringComparison.Ordinal));
        Assert.DoesNotContain(function.Process.Output, IsTrouble);
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

    /// <returns>Whether the shutdown was done within its time; if not, it has said so.</returns>
    private async Task<bool> CancelsInMidStatementAsync()
    {
        await using ProxiedBootstrap function = await StartAsync();
        await using LockedProduct locked = await LockedProduct.CreateAsync(function.Database);
        Task<FunctionAnswer> answer = function.Platform.InvokeHttpAsync("POST", locked.Movements, """{"quantity":1}""");
        await locked.WaitersAsync(1);
        Assert.Equal(0, await TerminateAsync(function));
        if (function.Process.Output.Any(ProxiedBootstrap.IsGivenUp)) return false;
        Assert.Contains("the execution environment is shut down", (await answer).TurnedAway(), StringComparison.Ordinal);
        // The lock is still held: the backend has not gone by getting it.
        await function.AssertClosedAsync();
        Assert.Contains(function.Proxy.Connections, connection => connection.Messages.Messages.Any(message => message.Type == "CancelRequest"));
        Assert.Equal(0, await function.Database.QueryAsAdminAsync<long>("SELECT count(*) FROM movements", Cancellation));
        return true;
    }

    private Task<ProxiedBootstrap> StartAsync(ProxyMode mode = ProxyMode.Forward, params (string Name, string Value)[] settings) =>
        ProxiedBootstrap.StartAsync(postgres, bootstrap, mode, settings);

    private async Task<int> TerminateAsync(ProxiedBootstrap function)
    {
        long start = TimeProvider.System.GetTimestamp();
        function.Process.Terminate();
        int exitCode = await function.Process.ExitAsync();
        output.WriteLine($"SIGTERM to exit: {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0.0} ms");
        return exitCode;
    }

    private static bool IsTrouble(string line) => LogRecord.Parse(line) is not { IsTrouble: false };
}
