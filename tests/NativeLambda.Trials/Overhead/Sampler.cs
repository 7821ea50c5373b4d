namespace NativeLambda.Trials.Overhead;

/// <summary>Takes the time of every course in every round, in an order that is thrown anew each round.</summary>
/// <remarks>What drifts, such as the machine's clock rate or its other tenants, then reaches all courses alike.</remarks>
internal static class Sampler
{
    /// <summary>Runs the rounds.</summary>
    /// <param name="courses">What is measured.</param>
    /// <param name="rounds">The samples of each course.</param>
    /// <param name="warmUp">Rounds before those, which do not count.</param>
    /// <param name="random">Throws the order.</param>
    /// <param name="time">The clock; its timestamps must be finer than a microsecond.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The samples in microseconds, for each course in the order of <paramref name="courses"/>.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<double>>> RunAsync(
        IReadOnlyList<Course> courses, int rounds, int warmUp, Random random, TimeProvider time, CancellationToken cancellationToken)
    {
        var samples = courses.Select(_ => new List<double>(rounds)).ToArray();
        int[] order = [.. Enumerable.Range(0, courses.Count)];
        for (int round = -warmUp; round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (int index in order)
            {
                Course course = courses[index];
                await course.PrepareAsync(cancellationToken);
                long start = time.GetTimestamp();
                await course.RunAsync(cancellationToken);
                double microseconds = time.GetElapsedTime(start).TotalMicroseconds;
                if (round >= 0) samples[index].Add(microseconds);
                await course.SettleAsync(cancellationToken);
            }
        }

        return samples;
    }
}
