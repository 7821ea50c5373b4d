using System.Buffers;
using System.Text.Json;

namespace NativeLambda.Gateway.Lambda.EventStream;

/// <summary>
/// What a function wrote, out of the event stream that it comes in. A message is read, whole and checked, when its bytes are asked for;
/// so a reader that stops stops the sender.
/// </summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html">Lambda, InvokeWithResponseStream</see>.</remarks>
internal sealed class EventStreamBody(Stream source) : ReadOnlyStream
{
    public const string MediaType = "application/vnd.amazon.eventstream";

    private const int FirstBuffer = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start; // of what was read and not looked at
    private int _end;
    private int _payload; // how much of it is payload, from _start on
    private int _skip; // what follows the payload
    private bool _complete;
    private bool _disposed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (buffer.IsEmpty) return 0;
        while (_payload == 0)
        {
            if (_complete) return 0;
            try
            {
                await ReadMessageAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or FormatException)
            {
                throw new LambdaStreamException(LambdaStreamException.Broken, "the response stream broke off", exception);
            }
        }

        int count = Math.Min(buffer.Length, _payload);
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        Consume(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_buffer);
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Consume(int payload)
    {
        _start += payload;
        _payload -= payload;
        if (_payload > 0) return;
        _start += _skip;
        _skip = 0;
    }

    private async ValueTask ReadMessageAsync(CancellationToken cancellation)
    {
        await FillAsync(EventMessage.PreludeLength, cancellation);
        int length = EventMessage.ReadLength(_buffer.AsSpan(_start, EventMessage.PreludeLength));
        await FillAsync(length, cancellation);
        Take(new EventMessage(_buffer.AsSpan(_start, length)), length);
        if (_complete && (_start < _end || await source.ReadAsync(_buffer, cancellation) > 0)) throw new FormatException("something follows the end");
    }

    private void Take(EventMessage message, int length)
    {
        message.Check();
        string? kind = message.Header(":message-type"u8);
        if (kind == "event")
        {
            switch (message.Header(":event-type"u8))
            {
                case "PayloadChunk":
                    (int offset, _payload) = message.PayloadRange.GetOffsetAndLength(length);
                    _skip = length - offset - _payload;
                    _start += offset;
                    if (_payload == 0) Consume(0);
                    return;
                case "InvokeComplete":
                    Complete(message.Payload);
                    break;
            }
        }
        else
        {
            throw new LambdaStreamException(
                (kind == "exception" ? message.Header(":exception-type"u8) : message.Header(":error-code"u8)) ?? "ServiceException", "Lambda ended the response stream");
        }
        _start += length; // an event that is unknown says nothing to us
    }

    private void Complete(ReadOnlySpan<byte> content)
    {
        _complete = true;
        var reader = new Utf8JsonReader(content);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("ErrorCode"u8)) continue;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } code)
                    throw new LambdaStreamException(code, "the function failed after its response had begun");
            }
        }
        catch (JsonException exception)
        {
            throw new FormatException("the end of a response stream is no JSON", exception);
        }
    }

    /// <summary>Reads until so many bytes are there.</summary>
    private async ValueTask FillAsync(int count, CancellationToken cancellation)
    {
        if (_end - _start >= count) return;
        MakeRoom(count);
        int missing = count - (_end - _start);
        int read = await source.ReadAtLeastAsync(_buffer.AsMemory(_end), missing, throwOnEndOfStream: false, cancellation);
        _end += read;
        if (read < missing) throw new EndOfStreamException("the end of the response stream is missing");
    }

    private void MakeRoom(int count)
    {
        byte[] target = count <= _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(count);
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        if (target != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = target;
        (_start, _end) = (0, _end - _start);
    }
}
