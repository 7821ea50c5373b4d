namespace NativeLambda.Http;

/// <summary>A handler returned a response that HTTP does not allow.</summary>
internal sealed class InvalidResponseException : Exception
{
    /// <summary>The stable name under which the error is reported to the Runtime API.</summary>
    public const string ErrorType = "NativeLambda.InvalidResponse";

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the response. Without values of its headers.</param>
    public InvalidResponseException(string message)
        : base(message)
    {
    }
}
