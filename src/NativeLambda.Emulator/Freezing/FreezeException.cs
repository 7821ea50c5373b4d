namespace NativeLambda.Emulator.Freezing;

/// <summary>The environment could not be frozen or thawed, or the wanted method is not available here.</summary>
public sealed class FreezeException : Exception
{
    internal FreezeException(string message, Exception? inner = null) : base(message, inner) { }
}
