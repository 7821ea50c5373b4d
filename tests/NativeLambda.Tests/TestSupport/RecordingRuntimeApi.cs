using System.Text;
using NativeLambda.Runtime;

namespace NativeLambda.Tests.TestSupport;

/// <summary>A Runtime API in memory: delivers the invocations that it was given, then ends the loop, and keeps what is posted.</summary>
internal sealed class RecordingRuntimeApi : IRuntimeApi
{
    private readonly Queue<Invocation> _invocations = new();

    /// <summary>In the order of the calls: <c>next</c>, <c>response …</c>, <c>error …</c>, <c>init/error …</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What the Runtime API answers to a post; <see langword="null"/> is 202.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Runs at every <c>next</c>.</summary>
    public Action? OnNext { get; set; }

    public void Enqueue(Invocation invocation) => _invocations.Enqueue(invocation);

    public ValueTask<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        Calls.Add("next");
        OnNext?.Invoke();
        return _invocations.TryDequeue(out Invocation? invocation)
            ? ValueTask.FromResult(invocation)
            : throw new RuntimeApiException(System.Net.HttpStatusCode.InternalServerError, "no more invocations", errorType: null);
    }

    public ValueTask PostResponseAsync(string requestId, ReadOnlyMemory<byte> response, CancellationToken cancellationToken) =>
        Record($"response {requestId} {Encoding.UTF8.GetString(response.Span)}");

    public ValueTask PostInvocationErrorAsync(string requestId, FunctionError error, CancellationToken cancellationToken) =>
        Record($"error {requestId} {error.ErrorType}: {error.ErrorMessage}");

    public ValueTask PostInitErrorAsync(FunctionError error, CancellationToken cancellationToken) =>
        Record($"init/error {error.ErrorType}: {error.ErrorMessage}");

    private ValueTask Record(string call)
    {
        Calls.Add(call);
        return Refusal is null ? ValueTask.CompletedTask : throw Refusal;
    }
}
