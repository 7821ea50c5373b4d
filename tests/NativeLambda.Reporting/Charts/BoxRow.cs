using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Reporting.Charts;

/// <summary>A box of a box plot.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Samples">What it shows.</param>
/// <param name="IsOurs">Whether it is to be found at a glance.</param>
internal sealed record BoxRow(string Name, Distribution Samples, bool IsOurs);
