namespace NativeLambda.Runtime;

/// <summary>Why an invocation has no answer of its handler's.</summary>
internal enum InvocationFailure
{
    /// <summary>There is no connection and none can be opened; the handler did not run.</summary>
    DatabaseUnavailable,

    /// <summary>The connection died under an idempotent handler, and there was no time, or no second chance, to run it again.</summary>
    ConnectionLost,

    /// <summary>The connection died under a handler that is not idempotent: whether it took effect is not known.</summary>
    OutcomeUnknown,

    /// <summary>The server refused a write because it is a standby, or was made one: it took nothing of what the handler did.</summary>
    ReadOnlyServer,

    /// <summary>The handler was cancelled because the environment is shut down.</summary>
    ShuttingDown,

    /// <summary>The handler did not end before the deadline's margin.</summary>
    DeadlineExceeded,
}

/// <summary>The one place where failures get their stable names and their sentences.</summary>
internal static class InvocationFailures
{
    public static FunctionError Describe(this InvocationFailure failure) => failure switch
    {
        InvocationFailure.DatabaseUnavailable => new("NativeLambda.DatabaseUnavailable", "The database cannot be reached at the moment. Nothing was done; try again."),
        InvocationFailure.ConnectionLost => new("NativeLambda.ConnectionLost", "The connection to the database was lost while the request ran. It may be sent again: a repeat changes nothing twice."),
        InvocationFailure.OutcomeUnknown => new("NativeLambda.OutcomeUnknown", "The connection to the database was lost while the request ran: whether it took effect is not known. Check before you try again."),
        InvocationFailure.ReadOnlyServer => new("NativeLambda.ReadOnlyServer", "The database is failing over to another server. Nothing was changed; try again."),
        InvocationFailure.ShuttingDown => new("NativeLambda.ShuttingDown", "The request was cancelled because the execution environment is shut down. Check whether it took effect before you try again."),
        _ => new("NativeLambda.DeadlineExceeded", "The request took longer than the function may run, and was cancelled. Check whether it took effect before you try again."),
    };
}
