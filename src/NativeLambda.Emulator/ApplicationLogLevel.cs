namespace NativeLambda.Emulator;

/// <summary>What a function that logs in JSON finds in <c>AWS_LAMBDA_LOG_LEVEL</c>, in capitals.</summary>
public enum ApplicationLogLevel
{
    /// <summary>Everything.</summary>
    Trace,

    /// <summary>What helps to find a mistake.</summary>
    Debug,

    /// <summary>What happens usually.</summary>
    Info,

    /// <summary>What may lead to an error.</summary>
    Warn,

    /// <summary>What has failed.</summary>
    Error,

    /// <summary>What ends the function.</summary>
    Fatal,
}
