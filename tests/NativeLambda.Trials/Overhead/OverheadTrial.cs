using NativeLambda.Emulator.Freezing;
using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Trials.Overhead;

/// <summary>Measures what the emulator adds to an invocation, and what a freeze and a thaw take.</summary>
internal sealed class OverheadTrial(OverheadOptions options, string bootstrap, TimeProvider time)
{
    /// <summary>Starts an emulator for each method, and takes the samples of all courses, interleaved.</summary>
    public async Task<OverheadResult> RunAsync(CancellationToken cancellationToken)
    {
        await using Loopback loopback = await Loopback.StartAsync(cancellationToken);
        var stages = new List<EchoStage>();
        var missing = new List<string>();
        try
        {
            foreach (FreezeMethod method in options.Methods)
            {
                try
                {
                    stages.Add(await EchoStage.StartAsync(bootstrap, method, cancellationToken));
                }
                catch (FreezeException exception)
                {
                    missing.Add(exception.Message);
                }
            }

            Course[] courses = [.. loopback.Courses(), .. stages.SelectMany(static stage => stage.Courses())];
            var random = new Random(options.Seed);
            var samples = await Sampler.RunAsync(courses, options.Samples, options.WarmUp, random, time, cancellationToken);
            return new OverheadResult(Compare(courses, samples, random), missing);
        }
        finally
        {
            foreach (EchoStage stage in stages) await stage.DisposeAsync();
        }
    }

    private static List<OverheadRow> Compare(IReadOnlyList<Course> courses, IReadOnlyList<IReadOnlyList<double>> samples, Random random)
    {
        Dictionary<string, Distribution> times = courses.Zip(samples).ToDictionary(static pair => pair.First.Name, static pair => new Distribution(pair.Second));
        return
        [
            .. courses.Select(course => new OverheadRow(
                course.Name,
                times[course.Name],
                course.Reference,
                course.Reference is { } reference ? Difference.Between(times[course.Name], times[reference], random) : null)),
        ];
    }
}
