namespace NativeLambda.Trials.Storm;

/// <summary>What a caller got, and when.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Label">The HTTP status as text, or what took its place.</param>
/// <param name="IsGood">200 or 201.</param>
/// <param name="At">When it came, since the storm began.</param>
/// <param name="Took">How long the caller waited, Init included.</param>
internal sealed record StormAnswer(StormRequest Request, string Label, bool IsGood, TimeSpan At, TimeSpan Took)
{
    /// <summary>Whether the caller may rely on a write.</summary>
    public bool IsAcknowledgedWrite => Request.IsWrite && IsGood;
}
