namespace NativeLambda.Emulator.Cli;

/// <summary>An environment file cannot be read. The message names the line, never its content.</summary>
internal sealed class EnvironmentFileException(string message) : Exception(message);
