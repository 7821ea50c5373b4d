namespace NativeLambda.Emulator;

/// <summary>A port that was asked for is in use.</summary>
public sealed class PortTakenException : Exception
{
    internal PortTakenException(int port, Exception inner)
        : base($"port {port} is in use on 127.0.0.1: choose another, or 0 for any free one", inner) => Port = port;

    /// <summary>The port.</summary>
    public int Port { get; }
}
