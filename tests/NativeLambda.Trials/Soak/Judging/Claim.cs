namespace NativeLambda.Trials.Soak.Judging;

/// <summary>What an answer says about the effect of the request.</summary>
internal enum Claim
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was refused for what it asked for, and not done.</summary>
    Refused,

    /// <summary>It was not done.</summary>
    NotDone,

    /// <summary>Nothing that can be relied on.</summary>
    Unknown,
}
