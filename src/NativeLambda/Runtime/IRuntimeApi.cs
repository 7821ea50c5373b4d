namespace NativeLambda.Runtime;

/// <summary>
/// The four calls of the Lambda Runtime API that a runtime makes (version 2018-06-01): <see cref="RuntimeApiClient"/>, or what stands in
/// for it in tests.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda Runtime API</see>.
/// </remarks>
internal interface IRuntimeApi
{
    /// <inheritdoc cref="RuntimeApiClient.NextAsync"/>
    ValueTask<Invocation> NextAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="RuntimeApiClient.PostResponseAsync"/>
    ValueTask PostResponseAsync(string requestId, ReadOnlyMemory<byte> response, CancellationToken cancellationToken);

    /// <inheritdoc cref="RuntimeApiClient.PostInvocationErrorAsync"/>
    ValueTask PostInvocationErrorAsync(string requestId, FunctionError error, CancellationToken cancellationToken);

    /// <inheritdoc cref="RuntimeApiClient.PostInitErrorAsync"/>
    ValueTask PostInitErrorAsync(FunctionError error, CancellationToken cancellationToken);
}
