namespace NativeLambda.Gateway.Lambda;

/// <summary>The result of an invocation.</summary>
/// <param name="RequestId">Lambda's name for it.</param>
/// <param name="Payload">What the function returned, or its error as JSON.</param>
/// <param name="FunctionError">The value of <c>X-Amz-Function-Error</c> when the function failed; else null.</param>
internal sealed record LambdaResult(string RequestId, ReadOnlyMemory<byte> Payload, string? FunctionError = null);
