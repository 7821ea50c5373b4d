using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Api;

/// <summary>Invokes the function: behind the Invoke API, the function URL and <see cref="LocalLambda.InvokeAsync(ReadOnlyMemory{byte}, InvokeOptions?, CancellationToken)"/>.</summary>
internal sealed class InvokeService(FunctionSettings function, EnvironmentPool pool, TimeProvider time)
{
    public const int Throttled = 429;

    /// <param name="payload">The event.</param>
    /// <param name="options">Everything else.</param>
    /// <param name="invokedArn">The ARN that the caller used.</param>
    /// <param name="requestId">The id of the request; a new one by default.</param>
    /// <param name="cancellation">Ends the wait, not the invocation: Lambda's goes on when its caller is gone.</param>
    public async Task<InvokeResult> InvokeAsync(
        ReadOnlyMemory<byte> payload, InvokeOptions options, string? invokedArn, string? requestId, CancellationToken cancellation)
    {
        PendingInvocation invocation = CreateInvocation(payload, options, invokedArn, requestId);
        if (await pool.TryDispatchAsync(invocation) is { } reason) return Throttle(invocation.RequestId, reason);
        InvocationOutcome outcome = await invocation.Outcome.WaitAsync(cancellation);
        if (options.LogTail) await invocation.Reported.WaitAsync(cancellation);
        return Result(invocation, outcome, options.LogTail);
    }

    /// <summary>Invokes the function for a caller that takes the response as it comes.</summary>
    /// <inheritdoc cref="InvokeAsync"/>
    /// <returns>The stream, or the whole result where the runtime does not stream or the invocation failed before.</returns>
    public async Task<StreamedInvocation> InvokeStreamingAsync(
        ReadOnlyMemory<byte> payload, InvokeOptions options, string? invokedArn, CancellationToken cancellation)
    {
        PendingInvocation invocation = CreateInvocation(payload, options, invokedArn, requestId: null, wantsStream: true);
        if (await pool.TryDispatchAsync(invocation) is { } reason) return new StreamedInvocation(Throttle(invocation.RequestId, reason), invocation);
        await Task.WhenAny(invocation.Streaming, invocation.Outcome).WaitAsync(cancellation);
        if (invocation.Streaming.IsCompletedSuccessfully) return new StreamedInvocation(Result: null, invocation);
        return new StreamedInvocation(Result(invocation, await invocation.Outcome, logTail: false), invocation);
    }

    private static InvokeResult Throttle(string requestId, ThrottleReason reason) => new()
    {
        RequestId = requestId,
        StatusCode = Throttled,
        ErrorType = InvokeErrors.TooManyRequests,
        ThrottleReason = reason,
        Payload = InvokeErrors.ThrottledBody(reason),
    };

    private static InvokeResult Result(PendingInvocation invocation, InvocationOutcome outcome, bool logTail) => new()
    {
        RequestId = invocation.RequestId,
        StatusCode = 200,
        FunctionError = outcome.ErrorType is null ? null : "Unhandled",
        ErrorType = outcome.ErrorType,
        Payload = outcome.Payload,
        LogTail = logTail ? Encoding.UTF8.GetString(invocation.Tail.ToArray()) : null,
    };

    private PendingInvocation CreateInvocation(
        ReadOnlyMemory<byte> payload, InvokeOptions options, string? invokedArn, string? requestId, bool wantsStream = false) => new()
    {
        RequestId = requestId ?? Guid.NewGuid().ToString(),
        Payload = payload,
        InvokedFunctionArn = invokedArn ?? function.Arn,
        TraceId = options.TraceId ?? CreateTraceId(),
        ClientContext = options.ClientContext,
        WantsStream = wantsStream,
    };

    private string CreateTraceId() => string.Create(
        CultureInfo.InvariantCulture,
        $"Root=1-{time.GetUtcNow().ToUnixTimeSeconds():x8}-{RandomNumberGenerator.GetHexString(24, lowercase: true)};Parent={RandomNumberGenerator.GetHexString(16, lowercase: true)};Sampled=0");
}
