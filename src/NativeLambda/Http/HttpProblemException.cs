namespace NativeLambda.Http;

/// <summary>A handler throws it to answer with a problem; the router turns it into the response.</summary>
public sealed class HttpProblemException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problem">The problem to answer with.</param>
    public HttpProblemException(ProblemDetails problem)
        : base(problem?.Detail ?? problem?.Title)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Problem = problem;
    }

    /// <summary>Creates the exception for a problem whose status says what kind it is.</summary>
    /// <param name="status">The status, 400 to 599.</param>
    /// <param name="detail">What went wrong and what to do about it: the client reads it.</param>
    /// <param name="field">The part of the request that is wrong, if it is a single one.</param>
    public HttpProblemException(int status, string detail, string? field = null)
        : this(ProblemDetails.ForStatus(status, detail, field))
    {
    }

    /// <summary>The problem to answer with.</summary>
    public ProblemDetails Problem { get; }
}
