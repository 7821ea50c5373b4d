using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Cli;

/// <summary>How the command shows what happens: to people or to programs.</summary>
internal interface IConsole
{
    /// <summary>Shows a line of a function's log.</summary>
    void Write(LogLine line);

    /// <summary>Says what the command itself does.</summary>
    void Tell(string message);

    /// <summary>Says how far it is, where somebody watches.</summary>
    void Progress(string message);

    /// <summary>Shows the service until it is to end.</summary>
    Task ShowAsync(LocalLambda lambda, LocalLambdaOptions options, CancellationToken end);
}
