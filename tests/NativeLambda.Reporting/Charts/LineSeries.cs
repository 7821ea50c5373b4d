namespace NativeLambda.Reporting.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, by X.</param>
internal sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
