using System.Text;

namespace NativeLambda.Emulator.Logging;

/// <summary>The last 4 KB of an invocation's log, which a caller may ask for.</summary>
internal sealed class LogTail
{
    /// <summary>Lambda's limit of <c>X-Amz-Log-Result</c> before its Base64 encoding, in bytes.</summary>
    internal const int Limit = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _lines = new();
    private int _length;

    public void Append(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_gate)
        {
            _lines.Enqueue(bytes);
            _length += bytes.Length;
            while (_length - _lines.Peek().Length >= Limit) _length -= _lines.Dequeue().Length;
        }
    }

    public byte[] ToArray()
    {
        lock (_gate)
        {
            byte[] all = [.. _lines.SelectMany(static line => line)];
            return all.Length <= Limit ? all : all[^Limit..];
        }
    }
}
