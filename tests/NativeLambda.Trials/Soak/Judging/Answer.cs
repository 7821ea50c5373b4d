namespace NativeLambda.Trials.Soak.Judging;

/// <summary>What the caller got.</summary>
/// <param name="RequestId">The invocation.</param>
/// <param name="Status">The HTTP status of the function's answer; 0 when the function failed.</param>
/// <param name="ErrorType">Why it failed, or nothing.</param>
/// <param name="Detail">The body, or the error.</param>
/// <param name="Start">When it was called, since the start of the trial.</param>
/// <param name="End">When the answer had come.</param>
internal sealed record Answer(string RequestId, int Status, string? ErrorType, string Detail, TimeSpan Start, TimeSpan End)
{
    /// <summary>All environments were busy, and there may be no more: nothing has run.</summary>
    public const int Throttled = 429;

    public TimeSpan Took => End - Start;

    /// <summary>What it says about the effect.</summary>
    public Claim Claim => Status switch
    {
        200 or 201 => Claim.Done,
        409 => Claim.Refused,
        Throttled => Claim.NotDone,
        503 when Detail.Contains("Nothing was done", StringComparison.Ordinal) => Claim.NotDone,
        503 when Detail.Contains("was not made", StringComparison.Ordinal) => Claim.NotDone,
        _ => Claim.Unknown,
    };

    public override string ToString() => ErrorType is null ? $"{Status}" : ErrorType;
}
