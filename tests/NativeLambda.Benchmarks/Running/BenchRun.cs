using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Running;

/// <summary>A whole run: all answers compared first, then one section after the other.</summary>
internal sealed class BenchRun(BenchOptions options, BenchServer server, IBenchView view, TimeProvider time)
{
    private static readonly string[] Paths = ["/products/p1", "/products", "/products/absent"];

    /// <summary>The sections, in their order.</summary>
    public static IReadOnlyList<ISection> Sections(BenchOptions options) =>
    [
        new ColdSection(options), new WarmSection(options), new FleetSection(options), new ThawSection(options),
        new NetworkSection(options), new MemorySection(options), new CountSection(options), new TraceSection(),
    ];

    /// <summary>Measures.</summary>
    /// <param name="contenders">The functions, this repository's own first.</param>
    /// <param name="sections">What is measured.</param>
    /// <param name="cancellationToken">Ends it; all processes are gone then.</param>
    public async Task<Measurements> RunAsync(
        IReadOnlyList<Contender> contenders, IReadOnlyList<ISection> sections, CancellationToken cancellationToken)
    {
        var results = new Measurements();
        Contender[] able = [.. contenders.Where(contender => AnswersAlike(contenders[0], contender, results, cancellationToken))];
        view.Begin(sections.Sum(section => section.CountSteps(able)));
        var random = new Random(options.Seed);
        foreach (ISection section in sections)
        {
            var context = new SectionContext(section.Name, able, server, results, random, view, time);
            await section.RunAsync(context, cancellationToken);
        }

        return results;
    }

    private bool AnswersAlike(Contender ours, Contender contender, Measurements results, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string path in Paths)
            {
                byte[] answer = Ask(contender, path, cancellationToken);
                if (!ServerNeeds.Of(contender.Key).HasDatabase) continue; // it has nothing to know the products from
                if (Answers.Difference(Ask(ours, path, cancellationToken), answer) is not { } difference) continue;
                throw new BenchmarkException($"it answers GET {path} otherwise: {difference}");
            }

            return true;
        }
        catch (BenchmarkException exception) when (contender != ours)
        {
            results.Fail(contender.Title, "answers", exception.Message);
            view.Say($"left out: {contender.Title}: {SectionContext.FirstWords(exception.Message)}");
            return false;
        }
    }

    private byte[] Ask(Contender contender, string path, CancellationToken cancellationToken) =>
        ColdStarter.Measure(contender.Program, LambdaEvent.Get(path), time, cancellationToken).Answer;
}
