namespace NativeLambda.Emulator.Postgres;

/// <summary>What the server offers to and asks of its TCP clients.</summary>
public enum PostgresTls
{
    /// <summary>TLS only: a client that does not encrypt is refused (28000).</summary>
    Required,

    /// <summary>TLS for who asks for it, plain text for who does not: lets a test read the protocol on the wire.</summary>
    Optional,

    /// <summary>A server without TLS.</summary>
    Off,
}
