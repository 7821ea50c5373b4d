namespace NativeLambda.Benchmarks.Measuring;

/// <summary>One invocation as the Runtime API saw it.</summary>
/// <param name="SentAt">The timestamp right before the event was sent.</param>
/// <param name="AnsweredAt">The timestamp when the last byte of the answer had come.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Invocation(long SentAt, long AnsweredAt, byte[] Answer);
