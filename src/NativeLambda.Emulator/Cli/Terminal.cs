namespace NativeLambda.Emulator.Cli;

/// <summary>What standard output and standard error are.</summary>
internal static class Terminal
{
    /// <summary>Standard output, which may be a terminal that hangs up.</summary>
    public static TextWriter Output { get; } = Console.IsOutputRedirected ? Console.Out : new TerminalWriter(Console.Out);

    /// <summary>Standard error, the same.</summary>
    public static TextWriter Error { get; } = Console.IsErrorRedirected ? Console.Error : new TerminalWriter(Console.Error);

    /// <summary>A terminal whose user has not asked for plain text by NO_COLOR, and that can show colours.</summary>
    public static bool HasColours =>
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
