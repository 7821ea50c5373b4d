namespace NativeLambda.Runtime;

/// <summary>
/// The four calls of the Lambda Runtime API that a runtime makes (version 2018-06-01): <see cref="RuntimeApiClient"/>, or another client
/// that <see cref="InitPhase.RunAsync(Func{InitPhase, Task{int}}, Func{IRuntimeApi})"/> is given. One call at a time.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda Runtime API</see>.
/// </remarks>
public interface IRuntimeApi
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
