namespace NativeLambda.Emulator.Faults;

/// <summary>What a proxy does with the bytes of a connection, ends of stream included.</summary>
public enum ProxyMode
{
    /// <summary>Passes them on.</summary>
    Forward,

    /// <summary>Keeps them back, in both directions, until the mode is Forward again.</summary>
    Hold,

    /// <summary>
    /// A flow that was dropped silently: nothing arrives any more, neither data nor FIN nor RST, and no end learns of it. Final.
    /// The kernel still acknowledges what is sent, which a really dropped flow would not.
    /// </summary>
    Swallow,
}
