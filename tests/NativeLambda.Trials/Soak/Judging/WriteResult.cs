namespace NativeLambda.Trials.Soak.Judging;

/// <summary>What a client knows of its write in the end.</summary>
internal enum WriteResult
{
    /// <summary>201: it must be there, once.</summary>
    Acknowledged,

    /// <summary>409 because the stock would fall below 0, and no attempt before that could have made it: it must not be there.</summary>
    Refused,

    /// <summary>The answer says that nothing was done: it must not be there.</summary>
    NotDone,

    /// <summary>It may be there, once.</summary>
    Unknown,

    /// <summary>It was to be repeated until it is acknowledged, and never was.</summary>
    Unfinished,
}
