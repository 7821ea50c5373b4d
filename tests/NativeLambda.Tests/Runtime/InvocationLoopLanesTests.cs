using System.Collections.Concurrent;
using System.Text;
using NativeLambda.Database.Credentials;
using NativeLambda.Http;
using Npgsql;

namespace NativeLambda.Tests.Runtime;

/// <summary>Several invocations at once, as on Lambda Managed Instances.</summary>
public sealed class InvocationLoopLanesTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_invocations_as_there_are_lanes_run_at_once_and_never_two_on_one_connection()
    {
        const int Lanes = 4;
        const int Invocations = 200;
        await using var host = new LoopHost();
        string[] ids = [.. Enumerable.Range(0, Invocations).Select(_ => host.Enqueue())];
        var lent = new ConcurrentDictionary<NpgsqlConnection, bool>();
        var used = new ConcurrentDictionary<NpgsqlConnection, bool>();
        var allIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int shared = 0;
        int running = 0;
        int most = 0;
        using var end = new CancellationTokenSource();
        Task<int> serving = host.ServeAsync(
            async (_, connection, _, _) =>
            {
                if (!lent.TryAdd(connection, true))
                    Interlocked.Increment(ref shared);
                used[connection] = true;
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);

                // The first ones wait for each other: they end only if they run at once.
                if (now == Lanes)
                    allIn.TrySetResult();
                await allIn.Task.WaitAsync(FakeRuntimeApi.Guard, CancellationToken.None);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                lent.TryRemove(connection, out bool _);
                return HttpResponse.NoContent();
            },
            Lanes, end.Token);
        foreach (string id in ids)
            Assert.Contains("204", Encoding.UTF8.GetString(await host.Api.ResponseAsync(id)), StringComparison.Ordinal);
        for (int lane = 0; lane < Lanes; lane++)
            await host.Api.WaitingAsync();
        await end.CancelAsync();
        Assert.Equal(0, await serving.WaitAsync(FakeRuntimeApi.Guard, Cancellation));
        Assert.Equal(0, shared);
        Assert.Equal(Lanes, most);
        Assert.Equal(Lanes, used.Count);
        Assert.Equal(Lanes, host.Factory.Opened.Count);
        Assert.All(host.Factory.Opened, session => Assert.True(session.IsClosed));
    }

    [Fact]
    public async Task Every_lane_has_tried_to_open_before_the_first_invocation_is_asked_for_and_one_that_could_not_opens_later()
    {
        await using var host = new LoopHost();
        // A failure that ends an open at once, so that no clock decides how often it is tried.
        host.Factory.FailWith([.. Enumerable.Range(0, 3).Select(_ => new CredentialException("not yet", isTransient: true) { EndsOpen = true })]);
        string id = host.Enqueue();
        using var end = new CancellationTokenSource();
        var atFirst = new TaskCompletionSource<int>();
        Task<int> serving = host.ServeAsync(
            (_, _, _, _) =>
            {
                atFirst.TrySetResult(host.Factory.Attempts);
                return ValueTask.FromResult(HttpResponse.NoContent());
            },
            lanes: 3, end.Token);
        Assert.Contains("204", Encoding.UTF8.GetString(await host.Api.ResponseAsync(id)), StringComparison.Ordinal);
        await end.CancelAsync();
        Assert.Equal(0, await serving.WaitAsync(FakeRuntimeApi.Guard, Cancellation));
        Assert.Equal(4, await atFirst.Task);
        Assert.Single(host.Factory.Opened);
        Assert.Equal(3, host.Log.Lines.Count(line => line.Contains("Init goes on without a database", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_lane_that_can_never_open_is_an_init_error_and_leaves_no_connection_open()
    {
        await using var host = new LoopHost();
        host.BeforeOpening = number =>
        {
            if (number == 2)
                host.Factory.FailWith(new PostgresException("password authentication failed", "FATAL", "FATAL", "28P01"));
        };
        int exitCode = await host.ServeAsync((_, _, _, _) => ValueTask.FromResult(HttpResponse.NoContent()), lanes: 3);
        Assert.Equal(1, exitCode);
        Assert.Contains("28P01", (await host.Api.InitErrorAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(2, host.Factory.Opened.Count);
        Assert.All(host.Factory.Opened, session => Assert.True(session.IsClosed));
    }

    [Fact]
    public async Task When_one_lane_cannot_go_on_the_others_finish_what_they_run_and_the_exit_code_is_1()
    {
        await using var host = new LoopHost();
        var started = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        string id = host.Enqueue();
        Task<int> serving = host.ServeAsync(
            async (_, _, _, _) =>
            {
                started.SetResult();
                await finish.Task;
                return HttpResponse.NoContent();
            },
            lanes: 3);
        await started.Task.WaitAsync(FakeRuntimeApi.Guard, Cancellation);
        await host.Api.WaitingAsync();
        await host.Api.WaitingAsync();
        host.Api.Script(FakeRoute.Next, FakeAnswer.Status(500));
        host.Api.CloseWaiting();
        CancellationToken guarded = FakeRuntimeApi.Guarded;
        while (!host.Log.Text.Contains("the environment cannot go on", StringComparison.Ordinal))
        {
            guarded.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.False(serving.IsCompleted);
        finish.SetResult();
        Assert.Equal(1, await serving.WaitAsync(FakeRuntimeApi.Guard, Cancellation));
        Assert.Contains("204", Encoding.UTF8.GetString(await host.Api.ResponseAsync(id)), StringComparison.Ordinal);
        Assert.All(host.Factory.Opened, session => Assert.True(session.IsClosed));
    }

    [Fact]
    public async Task SIGTERM_ends_every_lane_and_closes_every_connection()
    {
        await using var host = new LoopHost();
        Task<int> serving = host.ServeAsync((_, _, _, _) => ValueTask.FromResult(HttpResponse.NoContent()), lanes: 3);
        for (int lane = 0; lane < 3; lane++)
            await host.Api.WaitingAsync();
        await host.Terminate().WaitAsync(FakeRuntimeApi.Guard, Cancellation);
        Assert.Equal(0, await serving.WaitAsync(FakeRuntimeApi.Guard, Cancellation));
        Assert.Equal(3, host.Factory.Opened.Count);
        Assert.All(host.Factory.Opened, session => Assert.Equal(["close"], session.Calls));
    }

    [Fact]
    public async Task A_bad_number_of_lanes_is_an_init_error()
    {
        await using var host = new LoopHost();
        host.SetVariable("AWS_LAMBDA_MAX_CONCURRENCY", "lots");
        Assert.Equal(1, await host.ServeAsync((_, _, _, _) => ValueTask.FromResult(HttpResponse.NoContent())));
        Assert.Contains("AWS_LAMBDA_MAX_CONCURRENCY is 'lots'", await host.Api.InitErrorMessageAsync(), StringComparison.Ordinal);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
