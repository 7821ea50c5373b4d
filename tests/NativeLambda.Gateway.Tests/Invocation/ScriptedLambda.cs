using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using NativeLambda.Gateway.Lambda;

namespace NativeLambda.Gateway.Tests.Invocation;

/// <summary>A Lambda service that answers as a test says; what it was called with is kept.</summary>
internal sealed class ScriptedLambda : ILambdaClient
{
    private readonly List<(LambdaCall Call, string Event)> _calls = [];

    public Func<JsonElement, CancellationToken, Task<LambdaResult>> Invoke { get; set; } = (_, _) => Task.FromResult(Result("""{"statusCode":200,"body":"ok"}"""));

    public Func<CancellationToken, Task<LambdaResponseStream>> Stream { get; set; } = _ => throw new InvalidOperationException("no stream was scripted");

    /// <summary>Fires for each call when its token is cancelled.</summary>
    public SemaphoreSlim Cancelled { get; } = new(0);

    /// <summary>Is released at each call.</summary>
    public SemaphoreSlim Called { get; } = new(0);

    public IReadOnlyList<(LambdaCall Call, string Event)> Calls
    {
        get
        {
            lock (_calls) return [.. _calls];
        }
    }

    public static LambdaResult Result(string payload, string? error = null) => new("lambda-1", Encoding.UTF8.GetBytes(payload), error);

    /// <summary>Never answers.</summary>
    public static async Task<LambdaResult> NeverAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        throw new InvalidOperationException();
    }

    public Task<LambdaResult> InvokeAsync(LambdaCall call, CancellationToken cancellation) => Invoke(Take(call, cancellation), cancellation);

    public Task<string> EnqueueAsync(LambdaCall call, CancellationToken cancellation)
    {
        Take(call, cancellation);
        return Task.FromResult("queued-1");
    }

    public Task<LambdaResponseStream> InvokeStreamingAsync(LambdaCall call, CancellationToken cancellation)
    {
        Take(call, cancellation);
        return Stream(cancellation);
    }

    private JsonElement Take(LambdaCall call, CancellationToken cancellation)
    {
        string text = Encoding.UTF8.GetString(call.Payload.Span); // its memory is used again
        lock (_calls) _calls.Add((call, text));
        cancellation.Register(() => Cancelled.Release());
        Called.Release();
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}

/// <summary>A stream that a test writes.</summary>
internal sealed class ScriptedStream(string? contentType) : LambdaResponseStream
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));

    public override string RequestId => "lambda-2";

    public override string? ContentType => contentType;

    public override PipeReader Body => _pipe.Reader;

    public PipeWriter Writer => _pipe.Writer;

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async ValueTask DisposeAsync()
    {
        await _pipe.Reader.CompleteAsync();
        Disposed.TrySetResult();
    }
}
