namespace NativeLambda.Emulator.Processes;

/// <summary>How a process ended: an exit code, or the signal that killed it.</summary>
internal readonly record struct ExitStatus(int Code, int Signal)
{
    /// <summary>Whether the kernel killed it because the environment had reached its memory limit.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Whether it died of SIGKILL, or is a shell whose program did.</summary>
    public bool WasKilled => Signal == NativeMethods.SigKill || Code == 128 + NativeMethods.SigKill;

    /// <summary>Reads the status word of waitpid(2).</summary>
    public static ExitStatus FromWaitStatus(int status)
    {
        int signal = status & 0x7f;
        return signal == 0 ? new ExitStatus((status >> 8) & 0xff, 0) : new ExitStatus(0, signal);
    }

    /// <summary>The words that Lambda uses for it in an error message.</summary>
    public string Describe() => this switch
    {
        { Signal: not 0 } => $"Runtime exited with error: signal: {SignalName(Signal)}",
        { Code: not 0 } => $"Runtime exited with error: exit status {Code}",
        _ => "Runtime exited without providing a reason",
    };

    /// <summary>The words that Lambda uses for the end of an extension.</summary>
    public string DescribeExtension() => this switch
    {
        { Signal: not 0 } => $"signal: {SignalName(Signal)}",
        { Code: not 0 } => $"exit status {Code}",
        _ => "exit code 0",
    };

    private static string SignalName(int signal) => signal switch
    {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        5 => "trace/breakpoint trap",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        _ => $"signal {signal}",
    };
}
