namespace NativeLambda.Runtime;

/// <summary>
/// The four calls of the Lambda Runtime API that a runtime makes (version 2018-06-01).
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda Runtime API</see>.
/// </remarks>
public interface IRuntimeApi
{
    /// <summary>
    /// Waits for the next invocation: for milliseconds or days, and across a freeze. Never times out.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, at shutdown.</param>
    /// <returns>The invocation; its payload is valid until the next call of this method.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API answered with an error or with something that is not its protocol.</exception>
    ValueTask<Invocation> NextAsync(CancellationToken cancellationToken);

    /// <summary>Posts the response of an invocation; the caller has its answer when this returns.</summary>
    /// <param name="requestId">The <see cref="Invocation.RequestId"/>.</param>
    /// <param name="response">The response payload, at most <see cref="ResponseLimits.MaxPayloadBytes"/> long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RuntimeApiException">The Runtime API refused the response; see <see cref="RuntimeApiException.IsFatal"/>.</exception>
    ValueTask PostResponseAsync(string requestId, ReadOnlyMemory<byte> response, CancellationToken cancellationToken);

    /// <summary>Reports that an invocation failed; the caller gets the error.</summary>
    /// <param name="requestId">The <see cref="Invocation.RequestId"/>.</param>
    /// <param name="error">What the caller sees.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RuntimeApiException">The Runtime API refused the report.</exception>
    ValueTask PostInvocationErrorAsync(string requestId, FunctionError error, CancellationToken cancellationToken);

    /// <summary>Reports that Init failed. The process must exit afterwards.</summary>
    /// <param name="error">What Lambda logs and shows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RuntimeApiException">The Runtime API refused the report.</exception>
    ValueTask PostInitErrorAsync(FunctionError error, CancellationToken cancellationToken);
}
