namespace NativeLambda.Demo.Staging;

/// <summary>A step cannot go on; the message says why.</summary>
internal sealed class StageException(string message) : Exception(message);
