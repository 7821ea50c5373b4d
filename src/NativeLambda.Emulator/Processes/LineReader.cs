using System.Buffers;
using System.Text;

namespace NativeLambda.Emulator.Processes;

/// <summary>Cuts what a process writes into lines, whatever the chunks.</summary>
/// <remarks>A line longer than <see cref="MaxLineLength"/> is cut there, as CloudWatch does with an event: memory stays bounded.</remarks>
internal sealed class LineReader(Action<string> lineRead)
{
    /// <summary>CloudWatch's limit of one log event, in bytes.</summary>
    internal const int MaxLineLength = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _partial = new();

    /// <summary>Takes the next chunk.</summary>
    public void Append(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            int end = chunk.IndexOf((byte)'\n');
            int room = MaxLineLength - _partial.WrittenCount;
            int take = Math.Min(end < 0 ? chunk.Length : end, room);
            _partial.Write(chunk[..take]);
            chunk = chunk[take..];
            if (!chunk.IsEmpty && chunk[0] == '\n')
            {
                chunk = chunk[1..];
                Flush(evenIfEmpty: true);
            }
            else if (_partial.WrittenCount == MaxLineLength)
                Flush(evenIfEmpty: false);
        }
    }

    /// <summary>Gives out a last line that has no line feed.</summary>
    public void Complete() => Flush(evenIfEmpty: false);

    private void Flush(bool evenIfEmpty)
    {
        if (_partial.WrittenCount == 0 && !evenIfEmpty) return;
        ReadOnlySpan<byte> line = _partial.WrittenSpan;
        string text = Encoding.UTF8.GetString(line.EndsWith("\r"u8) ? line[..^1] : line);
        _partial.ResetWrittenCount();
        lineRead(text);
    }
}
