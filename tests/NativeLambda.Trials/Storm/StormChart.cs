using System.Globalization;
using NativeLambda.Reporting.Charts;

namespace NativeLambda.Trials.Storm;

/// <summary>The storm as a picture: the slots that are taken, and the good answers, over time.</summary>
internal static class StormChart
{
    /// <summary>What PostgreSQL reserves for superusers.</summary>
    private const int ReservedSlots = 3;

    public static string Draw(StormOptions options, IReadOnlyList<StormResult> results) => SvgPicture.Draw(
        string.Create(CultureInfo.InvariantCulture, $"{options.Waves} waves of {options.Environments} environments against max_connections = {options.MaxConnections}"),
        [
            new LineChart
            {
                Title = "Backends of the function",
                XTitle = "seconds",
                Series = [.. results.Select(static result => new LineSeries(
                    result.Contender.Name, [.. result.Samples.Select(static sample => (sample.At.TotalSeconds, (double)sample.Backends))]))],
                Limit = options.MaxConnections - ReservedSlots,
                LimitName = "slots",
            },
            new LineChart
            {
                Title = "Requests answered with 200 or 201",
                XTitle = "seconds",
                Series = [.. results.Select(static result => new LineSeries(result.Contender.Name, Answers(result)))],
                Limit = options.Environments * options.Waves,
                LimitName = "all",
            },
        ]);

    private static List<(double X, double Y)> Answers(StormResult result)
    {
        List<(double X, double Y)> points = [(0, 0)];
        foreach (StormAnswer answer in result.Answers.Where(static answer => answer.IsGood).OrderBy(static answer => answer.At))
            points.Add((answer.At.TotalSeconds, points.Count));
        points.Add((result.Samples.Count > 0 ? result.Samples[^1].At.TotalSeconds : 0, points.Count - 1));
        return points;
    }
}
