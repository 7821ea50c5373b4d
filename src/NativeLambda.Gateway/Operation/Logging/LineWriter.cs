using System.Buffers;

namespace NativeLambda.Gateway.Operation.Logging;

/// <summary>
/// Writes lines behind those who have them: a line is copied into memory, and a task of its own writes all that came meanwhile at once.
/// </summary>
/// <remarks>
/// What is in memory when it is disposed of is written before that ends. A disk or reader that cannot follow loses lines rather than make
/// requests wait: those beyond <see cref="MaxWaiting"/>, which are counted and told.
/// </remarks>
internal sealed class LineWriter : IAsyncDisposable
{
    /// <summary>How many bytes may wait.</summary>
    public const int MaxWaiting = 16 * 1024 * 1024;

    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    private readonly Func<Stream> _open;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _some = new(0);
    private readonly Task _writing;
    private ArrayBufferWriter<byte> _filling = new(64 * 1024), _spare = new(64 * 1024);
    private bool _told, _closed, _reopen;
    private long _lost;

    /// <param name="open">Opens what is written to; again after <see cref="Reopen"/> and after an error.</param>
    /// <param name="time">For the patience at the end.</param>
    /// <param name="logger">Is told of lines that are lost.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public LineWriter(Func<Stream> open, TimeProvider time, ILogger logger)
    {
        (_open, _time, _logger) = (open, time, logger);
        Stream first = open();
        _writing = Task.Run(() => WriteAllAsync(first));
    }

    /// <summary>How many lines were lost.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Takes a line, which ends with its line break.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_closed || _filling.WrittenCount + line.Length > MaxWaiting)
            {
                Interlocked.Increment(ref _lost);
                return;
            }
            _filling.Write(line);
        }
        Tell();
    }

    /// <summary>Opens the file anew before the next line: it was moved away.</summary>
    public void Reopen()
    {
        lock (_lock) _reopen = true;
        Tell();
    }

    /// <summary>Takes no more lines and writes what is there.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock) _closed = true;
        Tell();
        try
        {
            await _writing.WaitAsync(LastPatience, _time);
        }
        catch (TimeoutException)
        {
            AccessLogWriterMessages.Stuck(_logger, LastPatience.TotalSeconds);
        }
        if (Lost > 0) AccessLogWriterMessages.Lost(_logger, Lost);
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _told, true)) return;
        _some.Release();
    }

    private async Task WriteAllAsync(Stream? stream)
    {
        for (bool last = false; !last;)
        {
            await _some.WaitAsync();
            Interlocked.Exchange(ref _told, false);
            ArrayBufferWriter<byte> lines;
            bool reopen;
            lock (_lock)
            {
                (lines, _filling) = (_filling, _spare);
                (last, reopen, _reopen) = (_closed, _reopen, false);
            }
            stream = await WriteAsync(stream, lines.WrittenMemory, reopen);
            lines.ResetWrittenCount();
            _spare = lines;
        }
        if (stream is not null) await stream.DisposeAsync();
    }

    /// <returns>The stream; null when it is to be opened again.</returns>
    private async Task<Stream?> WriteAsync(Stream? stream, ReadOnlyMemory<byte> lines, bool reopen)
    {
        try
        {
            if (reopen && stream is not null)
            {
                await stream.DisposeAsync();
                stream = null;
            }
            stream ??= _open();
            await stream.WriteAsync(lines);
            await stream.FlushAsync();
            return stream;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Interlocked.Add(ref _lost, lines.Span.Count((byte)'\n'));
            AccessLogWriterMessages.Failed(_logger, exception.Message);
            return null;
        }
    }
}
