using NativeLambda.Benchmarks.Contenders;

namespace NativeLambda.Benchmarks.Running;

/// <summary>What a section works with.</summary>
/// <param name="Section">Its name.</param>
/// <param name="Contenders">The functions, this repository's own first.</param>
/// <param name="Server">The server.</param>
/// <param name="Results">Where the samples go.</param>
/// <param name="Random">Throws the orders.</param>
/// <param name="View">Told of each step.</param>
/// <param name="Time">The clock.</param>
internal sealed record SectionContext(
    string Section, IReadOnlyList<Contender> Contenders, BenchServer Server, Measurements Results, Random Random, IBenchView View, TimeProvider Time)
{
    /// <summary>Measures every function once a round, in an order that is thrown anew each round: what drifts reaches all of them alike.</summary>
    /// <param name="rounds">How often.</param>
    /// <param name="measure">What is done; a function for which it fails is left out from then on, and the reason noted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task InterleaveAsync(int rounds, Func<Contender, Task> measure, CancellationToken cancellationToken)
    {
        List<Contender> left = [.. Contenders];
        for (int round = 0; round < rounds; round++)
        {
            Contender[] order = [.. left];
            Random.Shuffle(order);
            foreach (Contender contender in order)
            {
                cancellationToken.ThrowIfCancellationRequested();
                View.Step(Section, contender.Title);
                try
                {
                    await measure(contender);
                }
                catch (BenchmarkException exception)
                {
                    Results.Fail(contender.Title, Section, exception.Message);
                    View.Say($"left out of {Section}: {contender.Title}: {FirstWords(exception.Message)}");
                    left.Remove(contender);
                }
            }
        }
    }

    /// <inheritdoc cref="InterleaveAsync(int, Func{Contender, Task}, CancellationToken)"/>
    public Task InterleaveAsync(int rounds, Action<Contender> measure, CancellationToken cancellationToken) => InterleaveAsync(
        rounds,
        contender =>
        {
            measure(contender);
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>A line of a message, the whole of which is in the report.</summary>
    internal static string FirstWords(string text)
    {
        const int Most = 200;
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= Most ? line : $"{line[..Most]}…";
    }
}
