namespace NativeLambda.Trials.Soak.Judging;

/// <summary>What the oracle found in the tables.</summary>
/// <param name="Acknowledged">Writes that were answered with 201.</param>
/// <param name="Refused">Writes that were answered with 409.</param>
/// <param name="NotDone">Writes that were turned away with the word that nothing was done.</param>
/// <param name="Unknown">Writes whose outcome the client does not know.</param>
/// <param name="UnknownFound">How many of those were made, once.</param>
/// <param name="Missing">Acknowledged writes that are not there.</param>
/// <param name="Doubled">Writes that are there more than once.</param>
/// <param name="Uninvited">Movements that nobody asked for, or that were said not to be made.</param>
/// <param name="Reads">Stocks that were read and compared.</param>
/// <param name="Violations">All that is wrong.</param>
internal sealed record Verdict(
    int Acknowledged, int Refused, int NotDone, int Unknown, int UnknownFound, int Missing, int Doubled, int Uninvited, int Reads,
    IReadOnlyList<Violation> Violations);
