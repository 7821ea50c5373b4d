using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Overhead;

/// <summary>The figures of one course.</summary>
/// <param name="Course">Its name.</param>
/// <param name="Times">What it took.</param>
/// <param name="Reference">The course that it is compared with; nothing where it is not.</param>
/// <param name="Over">How much longer it takes than that one.</param>
internal sealed record OverheadRow(string Course, Distribution Times, string? Reference, Difference? Over);
