namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>A request to invoke a function, signed.</summary>
/// <param name="Target">What is invoked.</param>
/// <param name="Payload">The event.</param>
/// <param name="Timestamp">The value of <c>X-Amz-Date</c>.</param>
/// <param name="Authorization">The value of <c>Authorization</c>.</param>
/// <param name="SessionToken">The value of <c>X-Amz-Security-Token</c>; null for none.</param>
/// <param name="TraceHeader">The value of <c>X-Amzn-Trace-Id</c>; null for none.</param>
internal readonly record struct InvokeRequest(
    FunctionTarget Target, ReadOnlyMemory<byte> Payload, string Timestamp, string Authorization, string? SessionToken, string? TraceHeader);

/// <summary>What of an answer to it matters.</summary>
internal sealed class InvokeAnswer
{
    public required int Status { get; init; }

    public string? RequestId { get; init; }

    public string? FunctionError { get; init; }

    public string? ErrorType { get; init; }

    public string? RetryAfter { get; init; }

    /// <summary>The whole body of a success; of an error as much as is of use.</summary>
    public required byte[] Body { get; init; }
}

/// <summary>Sends requests and reads their answers, each once.</summary>
internal interface IInvokeTransport : IDisposable
{
    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="LambdaUnreachableException">There is no whole answer of HTTP.</exception>
    /// <exception cref="LambdaResultTooLargeException">The result is over the limit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<InvokeAnswer> SendAsync(InvokeRequest request, CancellationToken cancellation);
}
