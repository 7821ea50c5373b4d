namespace NativeLambda.Emulator;

/// <summary>The bootstrap cannot be run on this machine; the message says why and what to do.</summary>
public sealed class BootstrapException : Exception
{
    internal BootstrapException(string message) : base(message) { }
}
