using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Running;
using NativeLambda.Benchmarks.Wire;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Where the time of a cold start goes, by what came over the wire.</summary>
public sealed class TimeLineTests
{
    private static readonly TimeProvider Time = TimeProvider.System;

    [Fact]
    public void With_TLS_every_part_ends_where_the_next_begins()
    {
        var connection = new WireConnection(
            At(5), [Flight("SSLRequest", 6, 8), Flight("ClientHello", 11, 12), Flight("ClientHello", 13, 14), Flight("encrypted", 15, 17), Flight("encrypted", 18, 21), Flight("encrypted", 28, 36)]);

        Assert.Equal([5, 1, 2, 3, 4, 6, 4, 3, 8, 9], Parts(Start(next: 25, answered: 45), connection)!);
    }

    [Fact]
    public void The_wait_for_the_server_is_that_of_all_flights_that_were_answered()
    {
        var connection = new WireConnection(At(5), [Flight("StartupMessage", 6, 8), Flight("Parse", 18, 21), new Flight(At(30), new FirstMessage("Terminate"))]);

        Assert.Equal(5, (int)Math.Round(TimeLine.WaitingIn([connection], Time).TotalMilliseconds));
    }

    [Fact]
    public void Without_TLS_its_parts_are_nothing()
    {
        var connection = new WireConnection(At(5), [Flight("StartupMessage", 6, 8), Flight("password or SASL", 9, 15), Flight("Parse", 18, 19)]);

        Assert.Equal([5, 1, 0, 0, 0, 9, 1, 2, 1, 1], Parts(Start(next: 16, answered: 20), connection)!);
    }

    [Fact]
    public void Who_opens_in_the_handler_or_does_not_open_at_all_has_no_time_line()
    {
        Assert.Null(Parts(Start(next: 3, answered: 20), new WireConnection(At(5), [Flight("StartupMessage", 6, 8), Flight("Parse", 9, 10)])));
        Assert.Null(Parts(Start(next: 3, answered: 20)));
    }

    private static int[]? Parts(ColdStart start, params WireConnection[] connections) =>
        TimeLine.Of(start, connections, Time)?.Select(static part => (int)Math.Round(part.Time.TotalMilliseconds)).ToArray();

    private static Flight Flight(string message, int sent, int answered) =>
        new(At(sent), new FirstMessage(message)) { AnsweredAt = At(answered), AnswerCompleteAt = At(answered) };

    private static ColdStart Start(int next, int answered) => new()
    {
        StartedAt = At(0),
        NextAt = At(next),
        AnsweredAt = At(answered),
        Wall = default,
        Init = default,
        Connected = default,
        FirstInvocation = default,
        Cpu = default,
        State = default,
        Usage = default,
        Answer = [],
    };

    /// <summary>A timestamp so many milliseconds after the first.</summary>
    private static long At(int milliseconds) => milliseconds * Time.TimestampFrequency / 1000;
}
