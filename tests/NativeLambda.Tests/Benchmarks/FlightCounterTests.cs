using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Flights of recorded connections: what PostgreSQL's clients and servers really send, shortened.</summary>
public sealed class FlightCounterTests
{
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 4, 210, 22, 47];
    private static readonly byte[] ClientHello = [22, 3, 1, 1, 20, 1, 0, 1, 16, 3, 3];
    private static readonly byte[] ChangeCipherSpec = [20, 3, 3, 0, 1, 1];
    private static readonly byte[] Encrypted = [23, 3, 3, 0, 69, 1, 2, 3];
    private static readonly byte[] StartupMessage = [0, 0, 0, 41, 0, 3, 0, 0, (byte)'u', (byte)'s', (byte)'e', (byte)'r', 0];

    private readonly FlightCounter _counter = new(openedAt: 0);
    private long _now;

    [Fact]
    public void A_cold_start_over_TLS_with_SCRAM_has_six_flights()
    {
        Send(SslRequest);
        Deliver("S"u8);
        Send(ClientHello);
        Deliver([22, 3, 3, 0, 90, 2]);
        Send([.. ChangeCipherSpec, .. Encrypted]); // Finished
        Send(Encrypted); // StartupMessage, right after
        Deliver(Encrypted);
        Send(Encrypted);
        Deliver(Encrypted);
        Send(Encrypted);
        Deliver(Encrypted);
        Send(Encrypted); // the query
        Deliver(Encrypted);

        Assert.Equal(["SSLRequest", "ClientHello", "encrypted", "encrypted", "encrypted", "encrypted"], Names());
    }

    [Fact]
    public void A_server_that_asks_for_another_curve_costs_a_flight()
    {
        Send(SslRequest);
        Deliver("S"u8);
        Send(ClientHello);
        Deliver([22, 3, 3, 0, 90, 2]);
        Send([.. ChangeCipherSpec, .. ClientHello]);
        Deliver([22, 3, 3, 0, 90, 2]);
        Send(Encrypted);

        Assert.Equal(["SSLRequest", "ClientHello", "ClientHello", "encrypted"], Names());
    }

    [Fact]
    public void Plain_text_has_the_names_of_the_messages()
    {
        Send(StartupMessage);
        Deliver("R"u8);
        Send("p\0\0\0\x36SCRAM-SHA-256"u8);
        Deliver("R"u8);
        Send("P\0\0\0\x10"u8);
        Deliver("1"u8);

        Assert.Equal(["StartupMessage", "password or SASL", "Parse"], Names());
    }

    [Fact]
    public void Pieces_of_a_burst_and_of_an_answer_are_one_flight_with_the_time_of_its_first_and_last()
    {
        Send(StartupMessage.AsSpan(0, 8));
        Send(StartupMessage.AsSpan(8));
        Deliver("R"u8);
        Deliver("Z"u8);

        Flight flight = Assert.Single(_counter.Flights);
        Assert.Equal((1, 2, 3, 4), (flight.SentAt, flight.LastSentAt, flight.AnsweredAt, flight.AnswerCompleteAt));
        Assert.Equal((StartupMessage.Length, 2), (flight.BytesSent, flight.BytesGot));
    }

    [Fact]
    public void What_the_client_says_last_and_nobody_answers_is_a_flight_without_an_answer()
    {
        Send(StartupMessage);
        Deliver("Z"u8);
        Send("X\0\0\0\x4"u8);

        Assert.Equal(2, _counter.Flights.Count);
        Assert.Null(_counter.Flights[1].AnsweredAt);
    }

    [Fact]
    public void A_server_that_speaks_first_has_not_answered_anything()
    {
        Deliver("E"u8);
        Send(StartupMessage);

        Assert.Null(Assert.Single(_counter.Flights).AnsweredAt);
    }

    [Theory]
    [InlineData(new byte[0], "nothing")]
    [InlineData(new byte[] { 0, 0, 0, 8, 4, 210, 22, 48 }, "GSSENCRequest")]
    [InlineData(new byte[] { 0, 0, 0, 16, 4, 210, 22, 46 }, "CancelRequest")]
    [InlineData(new byte[] { 22, 3, 3, 0, 70, 11 }, "TLS handshake")]
    [InlineData(new byte[] { 21, 3, 3, 0, 2, 2 }, "TLS alert")]
    [InlineData(new byte[] { 20, 3, 3, 0, 1, 1 }, "ChangeCipherSpec")]
    [InlineData(new byte[] { (byte)'X', 0, 0, 0, 4 }, "Terminate")]
    [InlineData(new byte[] { 200, 1, 2 }, "unknown")]
    public void First_bytes_tell_the_message(byte[] bytes, string name) => Assert.Equal(name, FirstMessage.Of(bytes).Name);

    private void Send(ReadOnlySpan<byte> bytes) => _counter.Sent(bytes, ++_now);

    private void Deliver(ReadOnlySpan<byte> bytes) => _counter.Delivered(bytes, ++_now);

    private string[] Names() => [.. _counter.Flights.Select(static flight => flight.Message.Name)];
}
