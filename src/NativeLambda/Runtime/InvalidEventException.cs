namespace NativeLambda.Runtime;

/// <summary>The event of an invocation is not an HTTP event in payload format 2.0.</summary>
internal sealed class InvalidEventException : Exception
{
    /// <summary>The stable name under which the error is reported to the Runtime API.</summary>
    public const string ErrorType = "NativeLambda.InvalidEvent";

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the event and what to do about it. Without parts of its body.</param>
    /// <param name="inner">What the JSON reader found, if anything.</param>
    public InvalidEventException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
