using System.Buffers;

namespace NativeLambda.Payloads.Events;

/// <summary>Writes a path decoded.</summary>
internal static class PathText
{
    private const int ShortPath = 256;

    public static void WriteDecoded(ref JsonOutput json, string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal))
        {
            json.Text(path);
            return;
        }
        byte[]? rented = path.Length > ShortPath ? ArrayPool<byte>.Shared.Rent(path.Length * 3) : null;
        Span<byte> decoded = rented ?? stackalloc byte[ShortPath * 3];
        json.Raw("\""u8);
        json.Utf8Part(decoded[..UrlText.Decode(path, plusIsSpace: false, decoded)]);
        json.Raw("\""u8);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
    }
}
