using System.CommandLine;
using System.CommandLine.Parsing;

namespace NativeLambda.Gateway.Cli;

/// <summary>The command <c>lambda-gateway</c>.</summary>
internal static class CommandLine
{
    /// <summary>The exit code of a command line that cannot be.</summary>
    public const int BadUsage = 2;

    /// <summary>The exit code when the gateway could not do what it was asked for.</summary>
    public const int Failed = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="errors">Where mistakes and what happens are told; standard output is the access log's.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter errors)
    {
        ParseResult parsed = new GatewayCommand(errors).Parse(arguments);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        foreach (ParseError error in parsed.Errors) await errors.WriteLineAsync($"lambda-gateway: {error.Message}");
        await errors.WriteLineAsync("lambda-gateway --help tells what there is.");
        return BadUsage;
    }
}
