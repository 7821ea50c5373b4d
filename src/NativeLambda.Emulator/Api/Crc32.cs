namespace NativeLambda.Emulator.Api;

/// <summary>The checksum of IEEE 802.3, which gzip and AWS's event streams use.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320; // bits reversed

    private static readonly uint[] Table = CreateTable();

    /// <summary>The checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = Table[(byte)crc ^ value] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint entry = index;
            for (int bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ Polynomial;
            table[index] = entry;
        }
        return table;
    }
}
