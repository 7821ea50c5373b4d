using System.Text;
using CsCheck;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Tests.Emulator;

public sealed class LineReaderTests
{
    [Fact]
    public void Lines_are_the_same_whatever_the_chunks() =>
        Gen.Select(Gen.String["ab\nü\r"].Array[0, 20], Gen.Int[1, 7]).Sample((parts, size) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(parts));
            Assert.Equal(Read([bytes]), Read(bytes.Chunk(size)));
        });

    [Fact]
    public void Append_cuts_at_line_feeds_and_Complete_gives_the_rest()
    {
        Assert.Equal(["one", "", "two", "rest"], Read([Encoding.UTF8.GetBytes("one\n\ntwo\r\nrest")]));
        Assert.Empty(Read([]));
    }

    [Fact]
    public void A_line_without_end_is_cut_at_the_limit()
    {
        IReadOnlyList<string> lines = Read(Enumerable.Repeat(new byte[64 * 1024], 9));
        Assert.Equal([LineReader.MaxLineLength, LineReader.MaxLineLength, 64 * 1024], lines.Select(line => line.Length));
    }

    private static List<string> Read(IEnumerable<byte[]> chunks)
    {
        var lines = new List<string>();
        var reader = new LineReader(lines.Add);
        foreach (byte[] chunk in chunks) reader.Append(chunk);
        reader.Complete();
        return lines;
    }
}
