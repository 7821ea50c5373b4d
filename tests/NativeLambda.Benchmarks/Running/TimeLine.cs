using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Benchmarks.Running;

/// <summary>
/// Where the time of a cold start goes, told from outside by what comes over the wire: nothing is asked of the function, which does not
/// know that it is watched.
/// </summary>
internal static class TimeLine
{
    public const string Start = "exec to connection";
    public const string Connected = "connection to first byte";
    public const string TlsOffer = "TLS offered and accepted";
    public const string TlsSetUp = "TLS set up";
    public const string Handshake = "TLS handshake";
    public const string Authentication = "authentication";
    public const string Ready = "ready to next";
    public const string BeforeQuery = "event to query";
    public const string Query = "query";
    public const string AfterQuery = "row to answer";

    /// <summary>No part of its own: what of all of them was spent between the last byte of a flight and the first of its answer.</summary>
    public const string Waiting = "of all that, waiting for the server";

    /// <summary>The parts, in order.</summary>
    public static readonly IReadOnlyList<string> Parts = [Start, Connected, TlsOffer, TlsSetUp, Handshake, Authentication, Ready, BeforeQuery, Query, AfterQuery];

    /// <summary>How long the client waited for the server in all flights.</summary>
    public static TimeSpan WaitingIn(IEnumerable<WireConnection> connections, TimeProvider time) => connections.SelectMany(static connection => connection.Flights)
        .Where(static flight => flight.AnsweredAt is not null)
        .Aggregate(TimeSpan.Zero, (sum, flight) => sum + time.GetElapsedTime(flight.LastSentAt, flight.AnsweredAt!.Value));

    /// <summary>Cuts a cold start into its parts; nothing where the flights are not of one connection that was opened in Init and used after.</summary>
    public static IReadOnlyList<(string Part, TimeSpan Time)>? Of(ColdStart start, IReadOnlyList<WireConnection> connections, TimeProvider time)
    {
        if (connections.Count != 1) return null;
        Flight[] opening = [.. connections[0].Flights.Where(flight => flight.SentAt < start.NextAt)];
        Flight[] queries = [.. connections[0].Flights.Where(flight => flight.SentAt >= start.NextAt)];
        if (opening.Length == 0 || queries.Length == 0 || queries[^1].AnswerCompleteAt is not { } answered || opening[^1].AnswerCompleteAt is not { } ready)
            return null;
        Flight first = opening[0];
        Flight? hello = opening.FirstOrDefault(static flight => flight.Message.Name == "ClientHello");
        // With TLS 1.3 the client's last handshake message goes with its first encrypted one, which is PostgreSQL's StartupMessage.
        Flight? startup = hello is null ? first : opening.FirstOrDefault(flight => flight.SentAt > hello.SentAt && flight.Message == FirstMessage.Encrypted);
        if (startup is null) return null;
        long offered = hello is null || ReferenceEquals(hello, first) ? first.SentAt : first.AnsweredAt ?? first.SentAt;
        long greeted = hello?.SentAt ?? first.SentAt;
        long[] moments =
        [
            start.StartedAt, connections[0].OpenedAt, first.SentAt, offered, greeted, startup.SentAt, ready, start.NextAt, queries[0].SentAt, answered, start.AnsweredAt,
        ];
        return [.. Parts.Select((part, index) => (part, time.GetElapsedTime(moments[index], moments[index + 1])))];
    }
}
