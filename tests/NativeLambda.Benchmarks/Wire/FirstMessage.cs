using System.Buffers.Binary;

namespace NativeLambda.Benchmarks.Wire;

/// <summary>What the first bytes of a flight tell of it.</summary>
/// <param name="Name">The message's name in PostgreSQL's protocol or TLS; <c>encrypted</c> where TLS hides it.</param>
internal readonly record struct FirstMessage(string Name)
{
    /// <summary>TLS application data: one of PostgreSQL's messages, or the end of a TLS 1.3 handshake.</summary>
    public static readonly FirstMessage Encrypted = new("encrypted");

    private static ReadOnlySpan<byte> ChangeCipherSpec => [20, 3, 3, 0, 1, 1];

    /// <summary>Reads the first bytes.</summary>
    public static FirstMessage Of(ReadOnlySpan<byte> bytes)
    {
        // What TLS 1.3 sends for the sake of old middleboxes tells nothing; the record after it does.
        if (bytes.Length > ChangeCipherSpec.Length && bytes.StartsWith(ChangeCipherSpec)) return Of(bytes[ChangeCipherSpec.Length..]);
        if (bytes.Length >= 3 && bytes[0] is >= 20 and <= 23 && bytes[1] == 3 && bytes[2] <= 4) return new FirstMessage(TlsRecord(bytes));
        if (bytes.Length >= 8 && bytes[0] == 0)
        {
            return new FirstMessage(BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) switch
            {
                80877103 => "SSLRequest",
                80877104 => "GSSENCRequest",
                80877102 => "CancelRequest",
                196608 or 196610 => "StartupMessage",
                _ => "unknown",
            });
        }

        return new FirstMessage(bytes.IsEmpty ? "nothing" : (char)bytes[0] switch
        {
            'p' => "password or SASL",
            'P' => "Parse",
            'B' => "Bind",
            'Q' => "Query",
            'X' => "Terminate",
            _ => "unknown",
        });
    }

    // https://www.rfc-editor.org/rfc/rfc8446#section-5.1
    private static string TlsRecord(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        20 => "ChangeCipherSpec",
        21 => "TLS alert",
        22 when bytes.Length > 5 && bytes[5] == 1 => "ClientHello",
        22 => "TLS handshake",
        _ => Encrypted.Name,
    };
}
