namespace NativeLambda.Gateway.Lambda;

/// <summary>The service answered an invocation with an error of its own. The function has not run.</summary>
/// <param name="statusCode">Its status.</param>
/// <param name="errorType">Its name, such as <c>TooManyRequestsException</c>.</param>
/// <param name="message">What it said.</param>
/// <param name="retryAfter">When it wants to be asked again; null when it did not say.</param>
/// <param name="reason">Why it throttles, such as <c>ReservedFunctionConcurrentInvocationLimitExceeded</c>; null when it did not say.</param>
internal sealed class LambdaRefusedException(int statusCode, string errorType, string message, TimeSpan? retryAfter = null, string? reason = null)
    : Exception($"Lambda answered {statusCode} {errorType}: {message}{(reason is null ? "" : $" ({reason})")}")
{
    public int StatusCode => statusCode;

    public string ErrorType => errorType;

    public TimeSpan? RetryAfter => retryAfter;

    public string? Reason => reason;
}

/// <summary>No answer of the service could be had: no address, no connection, no credentials, a broken or senseless answer.</summary>
/// <param name="message">What happened.</param>
/// <param name="cause">What it came from.</param>
/// <param name="mayHaveRun">Whether the request can have reached the function; false when it surely was not sent.</param>
/// <param name="retryAfter">When it makes sense to ask again; null when that is not known.</param>
internal sealed class LambdaUnreachableException(string message, Exception? cause = null, bool mayHaveRun = true, TimeSpan? retryAfter = null)
    : Exception(message, cause)
{
    public bool MayHaveRun => mayHaveRun;

    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>The function ran, and its result is larger than the client takes.</summary>
internal sealed class LambdaResultTooLargeException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A response stream ended before it was whole.</summary>
/// <param name="errorType">The function's error, such as <c>Function.Timeout</c>, or <see cref="Broken"/>.</param>
/// <param name="message">What is known of it, without anything of the payload.</param>
/// <param name="cause">What it came from.</param>
internal sealed class LambdaStreamException(string errorType, string message, Exception? cause = null) : Exception($"{errorType}: {message}", cause)
{
    /// <summary>The connection ended, or what came over it was no event stream.</summary>
    public const string Broken = "Connection.Broken";

    public string ErrorType => errorType;
}
