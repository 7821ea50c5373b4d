namespace NativeLambda.Gateway.Lambda;

/// <summary>An invocation to make.</summary>
/// <param name="Function">A function's name, partial ARN or ARN, with or without a qualifier.</param>
/// <param name="Qualifier">The version or alias; null for what <paramref name="Function"/> says.</param>
/// <param name="Payload">The event.</param>
/// <param name="TraceHeader">The value of <c>X-Amzn-Trace-Id</c>; null for none.</param>
/// <param name="TimeLimit">
/// How long the caller waits from now on; null for as long as it takes. Retries of what was throttled or not sent end before it; what
/// stops the call itself is its cancellation token.
/// </param>
/// <param name="Observer">Told when the call is made again; null for nobody.</param>
internal readonly record struct LambdaCall(
    string Function, string? Qualifier, ReadOnlyMemory<byte> Payload, string? TraceHeader = null, TimeSpan? TimeLimit = null, ICallObserver? Observer = null);

/// <summary>Told of a call while it is under way.</summary>
internal interface ICallObserver
{
    /// <summary>The request is sent once more.</summary>
    void Retried();
}
