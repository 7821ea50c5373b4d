using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NativeLambda.Emulator.Processes;

/// <summary>The read end of a pipe into which a process writes its standard output or error.</summary>
/// <remarks>
/// Non-blocking, so that whoever needs to know that everything written so far has been read (the END line must not overtake the
/// function's own lines) can read it here and now, beside the monitor's thread.
/// </remarks>
internal sealed class ProcessOutput(SafeFileHandle pipe, Action<string> lineRead) : IDisposable
{
    // More than a pipe holds, little enough that a process that floods its output cannot keep the reader for ever.
    private const int DrainLimit = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly LineReader _lines = new(lineRead);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private bool _ended;

    /// <summary>The descriptor to poll; -1, which poll(2) skips, once the pipe has ended.</summary>
    public int Descriptor
    {
        get
        {
            lock (_gate) return _ended ? -1 : (int)pipe.DangerousGetHandle();
        }
    }

    /// <summary>Reads what is there now.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            for (int total = 0; !_ended && total < DrainLimit;)
            {
                int count = ReadSome();
                if (count <= 0) return;
                _lines.Append(_buffer.AsSpan(0, count));
                total += count;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_ended) _lines.Complete();
            _ended = true;
            pipe.Dispose();
        }
    }

    private unsafe int ReadSome()
    {
        nint count;
        fixed (byte* buffer = _buffer)
        {
            do count = NativeMethods.Read((int)pipe.DangerousGetHandle(), buffer, (nuint)_buffer.Length);
            while (count < 0 && Marshal.GetLastPInvokeError() == NativeMethods.ErrorInterrupted);
        }
        if (count < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error == NativeMethods.ErrorAgain ? 0 : throw new Win32Exception(error);
        }
        if (count == 0)
        {
            _ended = true;
            _lines.Complete();
        }
        return (int)count;
    }
}
