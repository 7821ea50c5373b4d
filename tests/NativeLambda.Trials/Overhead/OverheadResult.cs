namespace NativeLambda.Trials.Overhead;

/// <summary>All figures of a run.</summary>
/// <param name="Rows">A row for each course.</param>
/// <param name="Missing">Why a freezing method that was wanted is not there; empty where all are.</param>
internal sealed record OverheadResult(IReadOnlyList<OverheadRow> Rows, IReadOnlyList<string> Missing)
{
    /// <summary>The row of a course.</summary>
    public OverheadRow this[string course] => Rows.First(row => row.Course == course);
}
