namespace NativeLambda.Benchmarks.Wire;

/// <summary>
/// Counts the flights of one connection as its client sees them: whenever it sends something after it has got something, it must have
/// waited for that. What the server says unasked, such as a session ticket of TLS, is waited for by nobody and counts nothing, as long as
/// the next burst of the client was on its way before.
/// </summary>
/// <param name="openedAt">The timestamp when it was connected.</param>
internal sealed class FlightCounter(long openedAt)
{
    private readonly List<Flight> _flights = [];
    private bool _serverSpoke = true; // the first burst of the client begins the first flight

    /// <summary>The timestamp when it was connected.</summary>
    public long OpenedAt => openedAt;

    /// <summary>The flights so far, in order.</summary>
    public IReadOnlyList<Flight> Flights => _flights;

    /// <summary>The client has sent something.</summary>
    /// <param name="bytes">What.</param>
    /// <param name="timestamp">When it came.</param>
    public void Sent(ReadOnlySpan<byte> bytes, long timestamp)
    {
        if (_serverSpoke) _flights.Add(new Flight(timestamp, FirstMessage.Of(bytes)));
        _serverSpoke = false;
        Flight flight = _flights[^1];
        flight.BytesSent += bytes.Length;
        flight.LastSentAt = timestamp;
    }

    /// <summary>The client has got something.</summary>
    /// <param name="bytes">What.</param>
    /// <param name="timestamp">When it was delivered.</param>
    public void Delivered(ReadOnlySpan<byte> bytes, long timestamp)
    {
        _serverSpoke = true;
        if (_flights.Count == 0) return; // a server that speaks first
        Flight flight = _flights[^1];
        flight.AnsweredAt ??= timestamp;
        flight.AnswerCompleteAt = timestamp;
        flight.BytesGot += bytes.Length;
    }
}
