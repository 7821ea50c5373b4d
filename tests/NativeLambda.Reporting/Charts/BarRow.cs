namespace NativeLambda.Reporting.Charts;

/// <summary>A bar that is made of parts.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Parts">The parts, in the order of the legend.</param>
internal sealed record BarRow(string Name, IReadOnlyList<double> Parts);
