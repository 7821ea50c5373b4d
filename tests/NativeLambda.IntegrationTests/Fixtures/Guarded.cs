namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>Waits for a thing that must come, and tells what everybody is doing instead when it does not.</summary>
internal static class Guarded
{
    /// <summary>No test waits longer than this for anything.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="task">The thing.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="describe">Whoever it is waited for: a picture of its process, the end of its log.</param>
    /// <param name="limit">How long to wait; <see cref="Limit"/> without.</param>
    /// <exception cref="TimeoutException">It did not come; the message says what was going on then.</exception>
    public static async Task WaitAsync(Task task, string what, Func<string> describe, TimeSpan? limit = null)
    {
        TimeSpan most = limit ?? Limit;
        try
        {
            await task.WaitAsync(most, TimeProvider.System);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"{what}: not within {most.TotalSeconds} s.\n{describe()}\n{ProcessPicture.OfThreadPool()}");
        }
    }

    /// <inheritdoc cref="WaitAsync(Task, string, Func{string}, TimeSpan?)"/>
    public static async Task<T> WaitAsync<T>(Task<T> task, string what, Func<string> describe, TimeSpan? limit = null)
    {
        await WaitAsync((Task)task, what, describe, limit);
        return await task;
    }
}
