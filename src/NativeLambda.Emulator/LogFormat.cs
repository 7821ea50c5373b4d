namespace NativeLambda.Emulator;

/// <summary>How the platform writes its lines of a function's log, and what the function finds in <c>AWS_LAMBDA_LOG_FORMAT</c>.</summary>
public enum LogFormat
{
    /// <summary>START, END and REPORT lines; <c>Text</c>.</summary>
    Text,

    /// <summary>Records with the names of Lambda's Telemetry API, one a line; <c>JSON</c>.</summary>
    Json,
}
