using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator;

/// <summary>
/// What a <see cref="LocalLambda"/> runs, and how: either one function, described by the members inherited from
/// <see cref="FunctionOptions"/>, or the <see cref="Functions"/>.
/// </summary>
public sealed record LocalLambdaOptions : FunctionOptions
{
    /// <summary>The functions. Default: none, which stands for the one that this record itself describes.</summary>
    public IReadOnlyList<FunctionOptions> Functions { get; init; } = [];

    /// <summary>The region of the functions' ARNs. Default: <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>How many invocations may run at once over all functions. Default: 1,000, as in a new account.</summary>
    public int AccountConcurrency { get; init; } = 1000;

    /// <summary>How environments are frozen. Default: the best that this machine allows.</summary>
    public FreezeMethod FreezeMethod { get; init; }

    /// <summary>
    /// Whether each environment has a network of its own, in which all traffic vanishes while it is frozen, as in a paused virtual
    /// machine, so that a server's keepalives go unanswered. It takes root. Default: no.
    /// </summary>
    public bool IsolateNetwork { get; init; }

    /// <summary>
    /// TCP ports of this machine's loopback interface that an isolated environment reaches at 127.0.0.1, beside the Runtime API and the
    /// port in the function's <c>PGPORT</c>. Default: none.
    /// </summary>
    public IReadOnlyList<int> HostPorts { get; init; } = [];

    /// <summary>The port of the Invoke API on the loopback interface; 0 takes a free one. Default: 0.</summary>
    public int Port { get; init; }

    /// <summary>The port of the dashboard on the loopback interface; 0 takes a free one. Default: no dashboard.</summary>
    public int? DashboardPort { get; init; }

    /// <summary>The database that the dashboard watches. Default: none.</summary>
    public DashboardDatabase? DashboardDatabase { get; init; }

    /// <summary>The clock of timeouts, deadlines and durations. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Called with every line of the log, one at a time. It must be quick and must not throw. Default: none.</summary>
    public Action<LogLine>? LogSink { get; init; }
}
