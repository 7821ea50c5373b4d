using System.Text.Json;

namespace NativeLambda.Emulator.Environments;

/// <summary>What an extension gets for its request for the next event.</summary>
/// <param name="Body">JSON.</param>
internal sealed record ExtensionEvent(ReadOnlyMemory<byte> Body)
{
    /// <summary>The event of an invocation.</summary>
    public const string Invoke = "INVOKE";

    /// <summary>The event of the Shutdown phase.</summary>
    public const string Shutdown = "SHUTDOWN";

    /// <summary>An invocation begins.</summary>
    public static ExtensionEvent OfInvocation(PendingInvocation invocation) => new(JsonSerializer.SerializeToUtf8Bytes(new
    {
        eventType = Invoke,
        deadlineMs = invocation.DeadlineUnixMs,
        requestId = invocation.RequestId,
        invokedFunctionArn = invocation.InvokedFunctionArn,
        tracing = new { type = "X-Amzn-Trace-Id", value = invocation.TraceId },
    }));

    /// <summary>The environment ends.</summary>
    /// <param name="reason"><c>spindown</c>, <c>timeout</c> or <c>failure</c>.</param>
    /// <param name="deadline">When the extension is killed.</param>
    public static ExtensionEvent OfShutdown(string reason, DateTimeOffset deadline) => new(JsonSerializer.SerializeToUtf8Bytes(new
    {
        eventType = Shutdown,
        deadlineMs = deadline.ToUnixTimeMilliseconds(),
        shutdownReason = reason,
    }));
}
