namespace NativeLambda.Runtime;

/// <summary>The deadline of an invocation, and the time before it that is kept for answering.</summary>
internal readonly struct InvocationDeadline
{
    private readonly DateTimeOffset _deadline;
    private readonly TimeProvider _time;
    private readonly TimeSpan _margin;

    /// <param name="unixMs">When Lambda ends the invocation, in Unix milliseconds.</param>
    /// <param name="margin">The time kept for answering; at most a tenth of what is left now.</param>
    /// <param name="time">The clock.</param>
    public InvocationDeadline(long unixMs, TimeSpan margin, TimeProvider time)
    {
        _time = time;

        // No invocation runs longer than 15 minutes (Lambda quotas); what says otherwise must not overflow a timer.
        DateTimeOffset latest = time.GetUtcNow() + TimeSpan.FromDays(1);
        _deadline = unixMs < latest.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, unixMs)) : latest;
        TimeSpan tenth = TimeLeft / 10;
        _margin = margin < tenth ? margin : tenth;
    }

    /// <summary>The time until Lambda ends the invocation; zero when it has passed.</summary>
    public TimeSpan TimeLeft => NotNegative(_deadline - _time.GetUtcNow());

    /// <summary>The time until the handler is cancelled.</summary>
    public TimeSpan HandlerTimeLeft => NotNegative(_deadline - _time.GetUtcNow() - _margin);

    /// <summary>The time until an answer is given in the place of a handler that does not react to its cancellation.</summary>
    public TimeSpan AnswerTimeLeft => NotNegative(_deadline - _time.GetUtcNow() - (_margin / 2));

    private static TimeSpan NotNegative(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
