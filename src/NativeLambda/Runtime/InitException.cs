namespace NativeLambda.Runtime;

/// <summary>
/// Init cannot succeed and a retry would not help: the reason is reported to <c>init/error</c> and the process exits.
/// </summary>
public abstract class InitException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errorType">A stable name in the form <c>Category.Reason</c>.</param>
    /// <param name="message">What happened and what to do about it. Without secrets.</param>
    /// <param name="inner">What caused it, if anything.</param>
    protected InitException(string errorType, string message, Exception? inner)
        : base(message, inner) => ErrorType = errorType;

    /// <summary>The stable name of the error, as Lambda shows it.</summary>
    public string ErrorType { get; }
}
