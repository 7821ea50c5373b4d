using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Http;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Payloads;

namespace NativeLambda.IntegrationTests.Lanes;

/// <summary>
/// Lambda as one process sees it, without freezing: any number of requests for the next invocation at once, as on Lambda Managed
/// Instances, and the Extensions API. What it is asked is recorded.
/// </summary>
internal sealed class FakePlatform : IAsyncDisposable
{
    /// <inheritdoc cref="Guarded.Limit"/>
    public static readonly TimeSpan Guard = Guarded.Limit;

    private const string ExtensionId = "11111111-2222-3333-4444-555555555555";

    private readonly Channel<(string Id, byte[] Payload)> _invocations = Channel.CreateUnbounded<(string, byte[])>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _answers = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly SemaphoreSlim _waits = new(0);
    private readonly TaskCompletionSource<string> _initError = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpService _http = null!;
    private HttpEndpoint _endpoint = null!;

    private FakePlatform()
    {
    }

    /// <summary>What belongs into <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Address => _endpoint.Uri.Authority;

    /// <summary>Method and path of every request, in the order in which they came.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>All that was posted: responses, errors, <c>init/error</c>.</summary>
    public IReadOnlyList<string> Bodies => [.. _bodies];

    /// <summary>What the function is doing, for the message when it is waited for in vain.</summary>
    public Func<string> DescribeFunction { get; set; } = static () => "";

    public static async Task<FakePlatform> StartAsync()
    {
        var platform = new FakePlatform();
        platform._http = await HttpService.StartAsync(static exception => Assert.Fail(exception.ToString()), CancellationToken.None);
        platform._endpoint = platform._http.Listen(0, platform.HandleAsync);
        return platform;
    }

    /// <summary>Until the process asks for an invocation; each request is reported once.</summary>
    public async Task NextAsync(int times = 1)
    {
        for (int i = 0; i < times; i++)
            await Guarded.WaitAsync(_waits.WaitAsync(), "a request for an invocation", DescribeFunction);
    }

    /// <summary>The body of <c>init/error</c>, as soon as it is posted.</summary>
    public Task<string> InitErrorAsync() => Guarded.WaitAsync(_initError.Task, "init/error", DescribeFunction);

    /// <summary>Hands out an HTTP event and waits for the answer.</summary>
    public async Task<FunctionAnswer> InvokeHttpAsync(string method, string target, string body = "")
    {
        string id = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[id] = answer;
        long start = TimeProvider.System.GetTimestamp();
        _invocations.Writer.TryWrite((id, FrozenFunction.Event(method, target, Encoding.UTF8.GetBytes(body))));
        ProxyResponse response = FrozenFunction.Response(await Guarded.WaitAsync(answer.Task, $"the answer to {method} {target}", DescribeFunction));
        return new FunctionAnswer(
            response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => header.Value),
            Encoding.UTF8.GetString(response.Body.Span), TimeProvider.System.GetElapsedTime(start));
    }

    public async ValueTask DisposeAsync()
    {
        _endpoint.Dispose();
        await _http.DisposeAsync();
        _waits.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        _calls.Enqueue($"{context.Request.Method} {path}");
        byte[] body = await HttpBody.ReadAsync(context.Request, 8 * 1024 * 1024) ?? [];
        _bodies.Enqueue(Encoding.UTF8.GetString(body));
        switch (context.Request.Method, path.Trim('/').Split('/'))
        {
            case ("POST", ["2020-01-01", "extension", "register"]):
                context.Response.Headers["Lambda-Extension-Identifier"] = ExtensionId;
                await HttpBody.WriteAsync(context.Response, 200, "{}"u8.ToArray());
                return;
            case ("GET", ["2020-01-01", "extension", "event", "next"]) when context.Request.Headers["Lambda-Extension-Identifier"] == ExtensionId:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                return;
            case ("GET", ["2018-06-01", "runtime", "invocation", "next"]):
                await HandOutAsync(context);
                return;
            case ("POST", ["2018-06-01", "runtime", "invocation", var id, "response"]):
                _answers[id].SetResult(body);
                break;
            case ("POST", ["2018-06-01", "runtime", "init", "error"]):
                _initError.SetResult(Encoding.UTF8.GetString(body));
                break;
            default:
                context.Response.StatusCode = 404;
                return;
        }

        await HttpBody.WriteAsync(context.Response, 202, """{"status":"OK"}"""u8.ToArray());
    }

    private async Task HandOutAsync(HttpContext context)
    {
        _waits.Release();
        (string id, byte[] payload) = await _invocations.Reader.ReadAsync(context.RequestAborted);
        IHeaderDictionary headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = id;
        headers["Lambda-Runtime-Deadline-Ms"] = (TimeProvider.System.GetUtcNow() + Guard).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:us-east-1:123456789012:function:function";
        await HttpBody.WriteAsync(context.Response, 200, payload);
    }
}
