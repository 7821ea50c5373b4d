namespace NativeLambda.Benchmarks.Wire;

/// <summary>A burst of the client, and what came back.</summary>
/// <param name="sentAt">The timestamp when its first bytes came.</param>
/// <param name="message">What they are.</param>
internal sealed class Flight(long sentAt, FirstMessage message)
{
    /// <summary>The timestamp when its first bytes came.</summary>
    public long SentAt { get; } = sentAt;

    /// <summary>What they are, as far as they can be read.</summary>
    public FirstMessage Message { get; } = message;

    /// <summary>The timestamp when its last bytes came.</summary>
    public long LastSentAt { get; internal set; } = sentAt;

    /// <summary>The timestamp when the first bytes of the answer were delivered; nothing where there was none.</summary>
    public long? AnsweredAt { get; internal set; }

    /// <summary>The timestamp when the last bytes of the answer were delivered.</summary>
    public long? AnswerCompleteAt { get; internal set; }

    /// <summary>How much the client sent.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>How much it got back.</summary>
    public long BytesGot { get; internal set; }
}
