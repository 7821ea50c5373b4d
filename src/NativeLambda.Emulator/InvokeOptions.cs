namespace NativeLambda.Emulator;

/// <summary>How an invocation is made, beside its payload.</summary>
public sealed record InvokeOptions
{
    /// <summary>
    /// Whether to wait for the REPORT line and return the last 4 KB of the invocation's log. Without it the result is there as soon as
    /// the function has posted its response. Default: no.
    /// </summary>
    public bool LogTail { get; init; }

    /// <summary>The client context as JSON, or nothing.</summary>
    public string? ClientContext { get; init; }

    /// <summary>The X-Ray trace header; one is made up when there is none.</summary>
    public string? TraceId { get; init; }
}
