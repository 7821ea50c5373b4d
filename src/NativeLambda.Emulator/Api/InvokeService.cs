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
    /// <param name="cancellation">Ends the wait, not the invocation: Lambda's goes on when its caller is gone.</param>
    public async Task<InvokeResult> InvokeAsync(
        ReadOnlyMemory<byte> payload, InvokeOptions options, string? invokedArn, CancellationToken cancellation)
    {
        PendingInvocation invocation = CreateInvocation(payload, options, invokedArn);
        if (!await pool.TryDispatchAsync(invocation)) return Throttle(invocation.RequestId);
        InvocationOutcome outcome = await invocation.Outcome.WaitAsync(cancellation);
        if (options.LogTail) await invocation.Reported.WaitAsync(cancellation);
        return new InvokeResult
        {
            RequestId = invocation.RequestId,
            StatusCode = 200,
            FunctionError = outcome.ErrorType is null ? null : "Unhandled",
            ErrorType = outcome.ErrorType,
            Payload = outcome.Payload,
            LogTail = options.LogTail ? Encoding.UTF8.GetString(invocation.Tail.ToArray()) : null,
        };
    }

    private static InvokeResult Throttle(string requestId) => new()
    {
        RequestId = requestId,
        StatusCode = Throttled,
        ErrorType = InvokeErrors.TooManyRequests,
        Payload = InvokeErrors.ThrottledBody(),
    };

    private PendingInvocation CreateInvocation(ReadOnlyMemory<byte> payload, InvokeOptions options, string? invokedArn) => new()
    {
        RequestId = Guid.NewGuid().ToString(),
        Payload = payload,
        InvokedFunctionArn = invokedArn ?? function.Arn,
        TraceId = options.TraceId ?? CreateTraceId(),
        ClientContext = options.ClientContext,
    };

    private string CreateTraceId() => string.Create(
        CultureInfo.InvariantCulture,
        $"Root=1-{time.GetUtcNow().ToUnixTimeSeconds():x8}-{RandomNumberGenerator.GetHexString(24, lowercase: true)};Parent={RandomNumberGenerator.GetHexString(16, lowercase: true)};Sampled=0");
}
