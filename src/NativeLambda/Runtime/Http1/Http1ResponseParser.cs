namespace NativeLambda.Runtime.Http1;

/// <summary>
/// An incremental parser of HTTP/1.1 responses (RFC 9112): bytes in, steps out, no I/O. Where the bytes are cut makes no
/// difference to what comes out. It keeps at most a head (<see cref="Http1Limits.MaxHeadBytes"/>); bodies pass through.
/// </summary>
/// <remarks>
/// Strict where the specification leaves a choice: a line ends with CR LF, nothing is folded, a length is said once or the same
/// each time. The number of interim responses is not limited: a peer that sends them for ever is no worse than one that is silent
/// for ever, and that is what a waiting <c>next</c> is made for.
/// </remarks>
internal sealed class Http1ResponseParser(Http1Limits limits)
{
    private enum State
    {
        StatusLine,
        Fields,
        CountedBody,
        BodyUntilClose,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        Done,
        Failed,
    }

    /// <summary>The longest chunk line that costs nothing: sixteen digits and the line end. What is longer is padding or extension.</summary>
    private const int PlainChunkLine = 18;

    private readonly Http1Lines _lines = new();
    private State _state;
    private Http1Framing _framing;
    private int _headBytes;
    private int _overheadBytes;
    private int _trailers;
    private int _left;
    private long _bodyBytes;

    /// <summary>The head; complete from <see cref="Http1Step.Head"/> until <see cref="Reset"/>.</summary>
    public Http1ResponseHead Head { get; } = new();

    /// <summary>Why the parser stopped.</summary>
    public Http1Error Error { get; private set; }

    /// <summary>Whether another request may follow on the connection: known after <see cref="Http1Step.Done"/>.</summary>
    public bool KeepsConnection => _state == State.Done && _framing.KeepsConnection;

    /// <summary>The length of the body where the head said it, else <see langword="null"/>. A claim: nothing may be allocated by it.</summary>
    public int? DeclaredLength => _framing.Kind == Http1BodyKind.Length ? _framing.Length : null;

    /// <summary>Gets ready for the next response.</summary>
    public void Reset()
    {
        _lines.Clear();
        _state = State.StatusLine;
        _framing = default;
        _headBytes = 0;
        _overheadBytes = 0;
        _trailers = 0;
        _left = 0;
        _bodyBytes = 0;
        Error = Http1Error.None;
    }

    /// <summary>
    /// Reads on. To be called until it answers <see cref="Http1Step.NeedMore"/>, <see cref="Http1Step.Done"/> or
    /// <see cref="Http1Step.Error"/>, each time with what the call before has left over, be that nothing.
    /// </summary>
    /// <param name="input">What has come.</param>
    /// <param name="consumed">How much of the input was used.</param>
    /// <param name="body">The piece of body, a part of the input; empty unless the step is <see cref="Http1Step.Body"/>.</param>
    public Http1Step Advance(ReadOnlySpan<byte> input, out int consumed, out ReadOnlySpan<byte> body)
    {
        consumed = 0;
        body = default;
        while (true)
        {
            switch (_state)
            {
                case State.Done:
                    return Http1Step.Done;
                case State.Failed:
                    return Http1Step.Error;
                case State.CountedBody when _left == 0:
                    _state = State.Done;
                    break;
                case State.ChunkData when _left == 0:
                    _state = State.ChunkEnd;
                    break;
                case State.CountedBody or State.ChunkData or State.BodyUntilClose:
                    return TakeBody(input[consumed..], ref consumed, out body);
                default:
                    if (TakeLine(input[consumed..], ref consumed) is { } step)
                        return step;
                    break;
            }
        }
    }

    /// <summary>Tells that the peer has closed: the end of a body that lasts until then, else an error.</summary>
    public Http1Step EndOfInput()
    {
        if (_state == State.BodyUntilClose)
            _state = State.Done;
        else if (_state is not (State.Done or State.Failed))
            Fail(Http1Error.Truncated);
        return _state == State.Done ? Http1Step.Done : Http1Step.Error;
    }

    private Http1Step TakeBody(ReadOnlySpan<byte> input, scoped ref int consumed, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (input.IsEmpty)
            return Http1Step.NeedMore;
        int length = input.Length;
        if (_state != State.BodyUntilClose)
        {
            length = Math.Min(length, _left);
            _left -= length;
        }
        else
        {
            _bodyBytes += length;
            if (_bodyBytes > limits.MaxBodyBytes)
                return Fail(Http1Error.BodyTooLarge);
        }

        consumed += length;
        body = input[..length];
        return Http1Step.Body;
    }

    /// <summary>Takes a line and acts on it; <see langword="null"/> says: go on.</summary>
    private Http1Step? TakeLine(ReadOnlySpan<byte> input, ref int consumed)
    {
        // Garbage without a line end is to be noticed when it comes, and not waited on for ever.
        if (_state == State.StatusLine && !CanStartStatusLine(_lines.Pending, input))
            return Fail(Http1Error.BadStatusLine);
        bool whole = _lines.TryTake(input, LongestLine(), out int used, out ReadOnlySpan<byte> line, out bool tooLong);
        if (tooLong)
            return Fail(_state == State.ChunkEnd ? Http1Error.BadChunk : Http1Error.HeadTooLarge);
        consumed += used;
        if (!whole)
            return Http1Step.NeedMore;
        if (line is not [.., (byte)'\r', (byte)'\n'])
            return Fail(Http1Error.BareLineFeed);

        ReadOnlySpan<byte> text = line[..^2];
        switch (_state)
        {
            case State.StatusLine:
                _headBytes = line.Length;
                return OnStatusLine(text);
            case State.Fields:
                _headBytes += line.Length;
                return text.IsEmpty ? OnEndOfFields() : OnField(text);
            case State.ChunkSize:
                _overheadBytes += Math.Max(0, line.Length - PlainChunkLine);
                return OnChunkSize(text);
            case State.ChunkEnd:
                _state = State.ChunkSize;
                return text.IsEmpty ? null : Fail(Http1Error.BadChunk);
            default:
                _overheadBytes += line.Length;
                return text.IsEmpty ? OnEndOfTrailers() : OnTrailer(text);
        }
    }

    private int LongestLine() => _state switch
    {
        State.StatusLine => limits.MaxHeadBytes,
        State.Fields => limits.MaxHeadBytes - _headBytes,
        State.ChunkSize => PlainChunkLine + limits.MaxHeadBytes - _overheadBytes,
        State.ChunkEnd => 2,
        _ => limits.MaxHeadBytes - _overheadBytes,
    };

    private static bool CanStartStatusLine(ReadOnlySpan<byte> pending, ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> expected = "HTTP/"u8;
        for (int i = 0; i < expected.Length && i < pending.Length + input.Length; i++)
        {
            if ((i < pending.Length ? pending[i] : input[i - pending.Length]) != expected[i])
                return false;
        }

        return true;
    }

    private Http1Step? OnStatusLine(ReadOnlySpan<byte> line)
    {
        Http1Error error = Http1Syntax.ReadStatusLine(line, out int status, out int minorVersion);
        if (error != Http1Error.None)
            return Fail(error);
        Head.Start(status, minorVersion);
        _state = State.Fields;
        return null;
    }

    private Http1Step? OnField(ReadOnlySpan<byte> line)
    {
        Http1Error error = Http1Syntax.ReadField(line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
        if (error == Http1Error.None && Head.FieldCount == limits.MaxFields)
            error = Http1Error.TooManyFields;
        if (error != Http1Error.None)
            return Fail(error);
        Head.Add(name, value);
        return null;
    }

    private Http1Step? OnEndOfFields()
    {
        if (Head.Status == 101)
            return Fail(Http1Error.UnexpectedUpgrade);
        if (Head.Status < 200)
        {
            _state = State.StatusLine;
            return null;
        }

        _framing = Http1Framing.Decide(Head, limits);
        if (_framing.Error != Http1Error.None)
            return Fail(_framing.Error);
        _left = _framing.Length;
        _state = _framing.Kind switch
        {
            Http1BodyKind.Length => State.CountedBody,
            Http1BodyKind.Chunked => State.ChunkSize,
            _ => State.BodyUntilClose,
        };
        return Http1Step.Head;
    }

    private Http1Step? OnChunkSize(ReadOnlySpan<byte> line)
    {
        Http1Error error = Http1Syntax.ReadChunkSize(line, (int)(limits.MaxBodyBytes - _bodyBytes), out _left);
        if (error != Http1Error.None)
            return Fail(error);
        _bodyBytes += _left;
        _state = _left == 0 ? State.Trailers : State.ChunkData;
        return null;
    }

    /// <summary>Trailers are checked like headers, counted, and dropped: nothing that is used here comes in them.</summary>
    private Http1Step? OnTrailer(ReadOnlySpan<byte> line)
    {
        Http1Error error = Http1Syntax.ReadField(line, out _, out _);
        if (error == Http1Error.None && ++_trailers > limits.MaxFields)
            error = Http1Error.TooManyFields;
        return error == Http1Error.None ? null : Fail(error);
    }

    private Http1Step? OnEndOfTrailers()
    {
        _state = State.Done;
        return null;
    }

    private Http1Step Fail(Http1Error error)
    {
        Error = error;
        _state = State.Failed;
        _lines.Clear();
        return Http1Step.Error;
    }
}
