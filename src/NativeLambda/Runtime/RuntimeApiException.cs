using System.Net;

namespace NativeLambda.Runtime;

/// <summary>The Runtime API refused a call, or what it answered is not its protocol.</summary>
public sealed class RuntimeApiException : Exception
{
    /// <summary>Creates the exception for an answer with an error status.</summary>
    /// <param name="statusCode">The status that the Runtime API answered.</param>
    /// <param name="message">Which call was refused and why.</param>
    /// <param name="errorType">The <c>errorType</c> of the answer, or <see langword="null"/> when it has none.</param>
    public RuntimeApiException(HttpStatusCode statusCode, string message, string? errorType)
        : base(message)
    {
        StatusCode = statusCode;
        ErrorType = errorType;
    }

    /// <summary>Creates the exception for a protocol that failed.</summary>
    /// <param name="message">Which call failed and how.</param>
    public RuntimeApiException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for a connection or a protocol that failed.</summary>
    /// <param name="message">Which call failed and how.</param>
    /// <param name="inner">What the socket or the parser reported, if anything.</param>
    public RuntimeApiException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>The status that the Runtime API answered, or <see langword="null"/> when there was no valid answer.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>
    /// What the Runtime API calls the error, such as <c>InvalidRequestID</c> or <c>InvalidStateTransition</c>;
    /// <see langword="null"/> when it does not say.
    /// </summary>
    public string? ErrorType { get; }

    /// <summary>
    /// Whether the environment cannot go on: the platform says so by a status of 500 or above, and a connection that cannot be
    /// made or does not speak the protocol leaves nobody to serve.
    /// </summary>
    public bool IsFatal => StatusCode is null or >= HttpStatusCode.InternalServerError;
}
