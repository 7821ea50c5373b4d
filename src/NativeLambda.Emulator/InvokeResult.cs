using System.Text;

namespace NativeLambda.Emulator;

/// <summary>What a caller of Lambda's Invoke gets.</summary>
public sealed record InvokeResult
{
    /// <summary>The id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>200 for an invocation that took place, even a failed one; 429 when all environments are busy and no more are allowed.</summary>
    public required int StatusCode { get; init; }

    /// <summary><c>Unhandled</c> when the function failed (the payload then describes the error), else nothing.</summary>
    public string? FunctionError { get; init; }

    /// <summary>The type of the error, as in the payload or as the runtime declared it; nothing for success.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Why the invocation was throttled, where it was.</summary>
    public ThrottleReason? ThrottleReason { get; init; }

    /// <summary>The response of the function, or a JSON object that describes the error.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The last 4 KB of the invocation's log where it was asked for.</summary>
    public string? LogTail { get; init; }

    /// <summary>The payload as text.</summary>
    public string PayloadText => Encoding.UTF8.GetString(Payload.Span);
}
