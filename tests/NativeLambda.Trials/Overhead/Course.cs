namespace NativeLambda.Trials.Overhead;

/// <summary>One way to an answer whose time is taken, again and again, between those of the other courses.</summary>
internal sealed record Course
{
    /// <summary>Its name in the table.</summary>
    public required string Name { get; init; }

    /// <summary>What is measured.</summary>
    public required Func<CancellationToken, Task> RunAsync { get; init; }

    /// <summary>The name of the course that it is compared with; nothing where it is not.</summary>
    public string? Reference { get; init; }

    /// <summary>Brings everything into the state in which the measurement begins. Its time does not count.</summary>
    public Func<CancellationToken, Task> PrepareAsync { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Waits until nothing of it goes on any more that could disturb the next course. Its time does not count.</summary>
    public Func<CancellationToken, Task> SettleAsync { get; init; } = static _ => Task.CompletedTask;
}
