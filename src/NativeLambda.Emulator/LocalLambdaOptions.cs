using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator;

/// <summary>The function that a <see cref="LocalLambda"/> runs, and how.</summary>
public sealed record LocalLambdaOptions
{
    /// <summary>Path of the <c>bootstrap</c>: an executable file for this machine, or a script.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>The function's name, 1 to 64 letters, digits, hyphens and underscores. Default: <c>function</c>.</summary>
    public string FunctionName { get; init; } = "function";

    /// <summary>The handler's name, which the bootstrap finds in <c>_HANDLER</c>. Default: <c>bootstrap</c>.</summary>
    public string Handler { get; init; } = "bootstrap";

    /// <summary>The region of the function's ARN. Default: <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>
    /// The function's environment variables. The process gets these and Lambda's own, and nothing of the environment of the emulator.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The memory size in MB, 128 to 10240. It is reported and passed on, but neither limits memory nor CPU yet. Default: 128.</summary>
    public int MemorySizeMb { get; init; } = 128;

    /// <summary>The function's timeout, up to 15 minutes. Default: 3 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The limit of the Init phase. Default: Lambda's 10 s.</summary>
    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many environments there may be at once; more invocations than that are throttled. Default: 10.</summary>
    public int MaxConcurrency { get; init; } = 10;

    /// <summary>How environments are frozen. Default: the best that this machine allows.</summary>
    public FreezeMethod FreezeMethod { get; init; }

    /// <summary>The port of the Invoke API on the loopback interface; 0 takes a free one. Default: 0.</summary>
    public int Port { get; init; }

    /// <summary>The port of the function URL on the loopback interface; 0 takes a free one. Default: 0.</summary>
    public int FunctionUrlPort { get; init; }

    /// <summary>The clock of timeouts, deadlines and durations. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called with every line of the log, one at a time. It must be quick and must not throw. Default: none.</summary>
    public Action<LogLine>? LogSink { get; init; }
}
