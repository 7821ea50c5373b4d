using System.Text;
using NativeLambda.Database;
using NativeLambda.Http;

namespace NativeLambda.Tests.Runtime;

/// <summary>SIGTERM in each phase.</summary>
public sealed class InvocationLoopShutdownTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_extension_is_registered_before_the_first_invocation_is_asked_for()
    {
        await using var host = new LoopHost();
        Task<int> running = host.ServeAsync(AnswerAsync);
        await host.Api.WaitingAsync();
        await host.Api.ExtensionWaitingAsync();
        string[] paths = [.. host.Api.Requests.Select(request => request.Path)];
        Assert.Equal(3, paths.Length);
        Assert.Equal("/2020-01-01/extension/register", paths[0]);
        Assert.Equal(2, host.Api.Connections);
        await EndAsync(host, running);
    }

    [Fact]
    public async Task A_refused_extension_does_not_keep_the_environment_from_serving()
    {
        await using var host = new LoopHost();
        host.Api.Script(FakeRoute.ExtensionRegister, FakeAnswer.Status(404));
        string id = host.Enqueue();
        Task<int> running = host.ServeAsync(AnswerAsync);
        Assert.Contains("204", Encoding.UTF8.GetString(await host.Api.ResponseAsync(id)), StringComparison.Ordinal);
        await EndAsync(host, running);
        Assert.Single(host.Log.Lines, line => line.Contains("WARN The shutdown extension is not registered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Turned_off_it_registers_nothing()
    {
        await using var host = new LoopHost();
        host.SetVariable("NATIVELAMBDA_SHUTDOWN_EXTENSION", "off");
        Task<int> running = host.ServeAsync(AnswerAsync);
        await host.Api.WaitingAsync();
        await EndAsync(host, running);
        Assert.Equal("/2018-06-01/runtime/invocation/next", Assert.Single(host.Api.Requests).Path);
    }

    [Fact]
    public async Task A_switch_that_is_neither_on_nor_off_is_an_init_error()
    {
        await using var host = new LoopHost();
        host.SetVariable("NATIVELAMBDA_SHUTDOWN_EXTENSION", "yes");
        Assert.Equal(1, await host.ServeAsync(AnswerAsync));
        Assert.Contains("NATIVELAMBDA_SHUTDOWN_EXTENSION is 'yes': use on or off.", await host.Api.InitErrorMessageAsync(), StringComparison.Ordinal);
        Assert.Empty(host.Factory.Opened);
    }

    [Fact]
    public async Task While_it_waits_for_an_invocation_SIGTERM_closes_the_connection_with_exit_code_0()
    {
        await using var host = new LoopHost();
        Task<int> running = host.ServeAsync(AnswerAsync);
        await host.Api.WaitingAsync();
        Assert.False(host.Factory.Current.IsClosed);
        await EndAsync(host, running);
        Assert.Equal(["close"], host.Factory.Current.Calls);
    }

    [Fact]
    public async Task SIGTERM_twice_does_what_one_does()
    {
        await using var host = new LoopHost();
        Task<int> running = host.ServeAsync(AnswerAsync);
        await host.Api.WaitingAsync();
        Task first = host.Terminate();
        Task second = host.Terminate();
        Assert.Equal(0, await running.WaitAsync(FakeRuntimeApi.Guard, Cancellation));
        await Task.WhenAll(first, second).WaitAsync(FakeRuntimeApi.Guard, Cancellation);
        await EndAsync(host, running);
        Assert.Equal(["close"], host.Factory.Current.Calls);
    }

    [Fact]
    public async Task In_mid_invocation_SIGTERM_cancels_the_handler_and_answers_its_caller_before_the_end()
    {
        await using var host = new LoopHost();
        var started = new TaskCompletionSource();
        string id = host.Enqueue();
        Task<int> running = host.ServeAsync(async (_, _, _, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("the token did not fire");
        });
        await started.Task.WaitAsync(FakeRuntimeApi.Guard, Cancellation);
        await EndAsync(host, running);
        string answer = Encoding.UTF8.GetString(await host.Api.ResponseAsync(id));
        Assert.Contains("\"statusCode\":503", answer, StringComparison.Ordinal);
        Assert.Contains("the execution environment is shut down", answer, StringComparison.Ordinal);
        Assert.Equal(["reset", "close"], host.Factory.Current.Calls);
        Assert.Single(host.Api.Requests, request => request.Path.EndsWith("/next", StringComparison.Ordinal) && request.Path.Contains("runtime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_does_not_heed_its_cancellation_is_left_behind_and_its_statement_cancelled_at_the_server()
    {
        await using var host = new LoopHost();
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource<HttpResponse>();
        string id = host.Enqueue();
        Task<int> running = host.ServeAsync((_, _, _, _) =>
        {
            host.Factory.Current.Condition = SessionCondition.Busy;
            started.SetResult();
            return new ValueTask<HttpResponse>(never.Task);
        });
        await started.Task.WaitAsync(FakeRuntimeApi.Guard, Cancellation);
        await EndAsync(host, running);
        Assert.Contains("\"statusCode\":503", Encoding.UTF8.GetString(await host.Api.ResponseAsync(id)), StringComparison.Ordinal);
        Assert.Equal(["cancel", "close"], host.Factory.Current.Calls);
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_not_waited_for()
    {
        await using var host = new LoopHost(shutdown: TimeSpan.FromMilliseconds(100));
        var inLoop = new TaskCompletionSource();
        var never = new TaskCompletionSource<int>();
        Task<int> running = host.RunAsync(init =>
        {
            init.End();
            inLoop.SetResult();
            return never.Task;
        });
        await inLoop.Task;
        await EndAsync(host, running);
        Assert.Contains("WARN The shutdown is not done after 100 ms", Assert.Single(host.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_Init_SIGTERM_ends_the_process_at_once_without_an_init_error()
    {
        await using var host = new LoopHost();
        var opening = new TaskCompletionSource<int>();
        Task<int> running = host.RunAsync(async init =>
        {
            init.BeginExtension();
            await init.Extension!.RegisteredAsync();
            return await opening.Task;
        });
        await host.Api.ExtensionWaitingAsync();
        await EndAsync(host, running);
        Assert.DoesNotContain(host.Api.Requests, request => request.Path.EndsWith("error", StringComparison.Ordinal));
        Assert.Empty(host.Log.Lines);
    }

    private static ValueTask<HttpResponse> AnswerAsync(
        HttpRequest request, Npgsql.NpgsqlConnection connection, NativeLambda.Runtime.InvocationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(HttpResponse.NoContent());

    /// <summary>Sends SIGTERM, whose thread must be free when the process ends, with exit code 0.</summary>
    private static async Task EndAsync(LoopHost host, Task<int> running)
    {
        Task signal = host.Terminate();
        Assert.Equal(0, await running.WaitAsync(FakeRuntimeApi.Guard, Cancellation));
        await signal.WaitAsync(FakeRuntimeApi.Guard, Cancellation);
    }
}
