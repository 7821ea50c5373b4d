using System.Globalization;
using System.Text.Json;

namespace NativeLambda.Emulator.Environments;

/// <summary>What a caller gets for an invocation: the payload, and whether it is that of an error.</summary>
/// <param name="Payload">The response of the function, or a JSON object that describes the error.</param>
/// <param name="ErrorType">The type of the error, or nothing for success.</param>
internal sealed record InvocationOutcome(ReadOnlyMemory<byte> Payload, string? ErrorType = null)
{
    public const string ExitErrorType = "Runtime.ExitError";
    public const string OutOfMemoryType = "Runtime.OutOfMemory";
    public const string TimeoutType = "Sandbox.Timedout";
    public const string ResponseTooLargeType = "Function.ResponseSizeTooLarge";
    public const string TruncatedResponseType = "Runtime.TruncatedResponse";
    public const string InvalidResponseModeType = "Runtime.InvalidResponseModeHeader";
    public const string InvalidEntrypointType = "Runtime.InvalidEntrypoint";

    public static InvocationOutcome OfError(string errorType, string errorMessage) => new(
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["errorType"] = errorType, ["errorMessage"] = errorMessage }),
        errorType);

    public static InvocationOutcome OfTooLargeResponse(long limit) =>
        OfError(ResponseTooLargeType, $"Response payload size exceeded maximum allowed payload size ({limit} bytes).");

    /// <summary>The runtime's connection broke in the middle of the response, most often because its process ended.</summary>
    public static InvocationOutcome OfTruncatedResponse(string requestId) =>
        OfError(TruncatedResponseType, $"RequestId: {requestId} Error: the response broke off");

    public static InvocationOutcome OfTimeout(string requestId, TimeSpan timeout) => OfError(
        TimeoutType,
        string.Create(CultureInfo.InvariantCulture, $"RequestId: {requestId} Error: Task timed out after {timeout.TotalSeconds:F2} seconds"));
}
