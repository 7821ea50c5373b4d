using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NativeLambda.Gateway.Operation.Logging;

namespace NativeLambda.Gateway.Tests.Operation;

public sealed class LineWriterTests
{
    private static LineWriter Create(Func<Stream> open) => new(open, TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task Every_line_of_many_threads_is_whole_and_there_at_the_end()
    {
        var stream = new MemoryStream();
        LineWriter writer = Create(() => stream);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 5000; i++) writer.Write(Encoding.ASCII.GetBytes($"{thread}-{i}-{new string('x', i % 50)}\n"));
        })));
        await writer.DisposeAsync();
        string[] lines = Encoding.ASCII.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(40_000, lines.Length);
        for (int thread = 0; thread < 8; thread++)
            Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{thread}-{i}-{new string('x', i % 50)}"), lines.Where(line => line[0] == '0' + thread));
        Assert.Equal(0, writer.Lost);
    }

    [Fact]
    public async Task A_reader_that_stands_still_holds_nobody_up_and_what_does_not_fit_is_counted()
    {
        var stream = new GatedStream();
        LineWriter writer = Create(() => stream);
        byte[] line = [.. Enumerable.Repeat((byte)'x', 1023), (byte)'\n'];
        writer.Write(line);
        await stream.Reached; // the writing task is held from here on
        int fits = LineWriter.MaxWaiting / line.Length;
        for (int i = 0; i < fits + 10; i++) writer.Write(line);
        Assert.Equal(10, writer.Lost);
        stream.Open();
        await writer.DisposeAsync();
        Assert.Equal((fits + 1) * (long)line.Length, stream.Written);
    }

    [Fact]
    public async Task A_file_that_was_moved_away_is_opened_anew()
    {
        string directory = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(directory, "access.log");
        LineWriter writer = Create(() => new FileStream(file, FileMode.Append));
        writer.Write("first\n"u8);
        await Eventually.IsTrueAsync(() => new FileInfo(file) is { Length: 6 });
        File.Move(file, file + ".1");
        writer.Reopen();
        await Eventually.IsTrueAsync(() => File.Exists(file));
        writer.Write("second\n"u8);
        await writer.DisposeAsync();
        Assert.Equal("first\n", await File.ReadAllTextAsync(file + ".1"));
        Assert.Equal("second\n", await File.ReadAllTextAsync(file));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task An_error_loses_its_lines_is_told_and_is_over_when_it_is_over()
    {
        var logger = new RecordingLogger();
        var good = new MemoryStream();
        int opened = 0;
        var writer = new LineWriter(() => ++opened == 1 ? new FullStream() : good, TimeProvider.System, logger);
        writer.Write("lost\n"u8);
        await Eventually.IsTrueAsync(() => writer.Lost == 1);
        writer.Write("kept\n"u8);
        await writer.DisposeAsync();
        Assert.Equal("kept\n", Encoding.ASCII.GetString(good.ToArray()));
        Assert.True(logger.Has("Error: The access log could not be written: no space left"));
        Assert.True(logger.Has("lost 1 lines"));
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("no space left");
    }

    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(), _open = new();

        public Task Reached => _reached.Task;

        public long Written { get; private set; }

        public void Open() => _open.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            await _open.Task;
            Written += buffer.Length;
        }
    }
}
