using System.CommandLine;
using System.CommandLine.Invocation;

namespace NativeLambda.Emulator.Cli;

/// <summary>The command <c>lambda-emulator</c>.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("A Lambda service for one machine: runs any bootstrap in execution environments that freeze for real.");
        root.Subcommands.Add(new RunCommand());
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction error) error.ShowHelp = false; // the mistake, not two screens that push it out of sight
        // RunCommand ends in order by itself: a second signal must not cut that short.
        return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
