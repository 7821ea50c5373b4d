namespace NativeLambda.Gateway.Lambda;

/// <summary>
/// Lambda's Invoke API, for callers that know nothing of HTTP or signatures: what the AWS SDK's client would implement, where that is to
/// be used. Source: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Lambda, Invoke</see> and
/// <see href="https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html">InvokeWithResponseStream</see>.
/// </summary>
/// <remarks>
/// Every method throws <see cref="LambdaRefusedException"/> when the service answered with an error of its own (throttled, no such
/// function, too large …), <see cref="LambdaResultTooLargeException"/> when the result is over the limit,
/// <see cref="LambdaUnreachableException"/> when there was no answer that could be used, and
/// <see cref="OperationCanceledException"/> when the token was cancelled.
/// </remarks>
internal interface ILambdaClient
{
    /// <summary>Invokes a function and waits for its result (<c>RequestResponse</c>).</summary>
    Task<LambdaResult> InvokeAsync(LambdaCall call, CancellationToken cancellation);

    /// <summary>Puts an event into the function's queue (<c>Event</c>).</summary>
    /// <returns>The request's ID.</returns>
    Task<string> EnqueueAsync(LambdaCall call, CancellationToken cancellation);

    /// <summary>Invokes a function and hands its result on while it comes (<c>InvokeWithResponseStream</c>).</summary>
    Task<LambdaResponseStream> InvokeStreamingAsync(LambdaCall call, CancellationToken cancellation);
}
