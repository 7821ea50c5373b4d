using System.Collections.Concurrent;

namespace NativeLambda.Gateway.Operation.Management;

/// <summary>Whether the gateway should get requests, and if not, why.</summary>
internal sealed class Readiness
{
    private readonly ConcurrentQueue<Func<CancellationToken, ValueTask<string?>>> _checks = new();

    /// <summary>Adds a reason why it may not be ready: what is returned is shown to whoever asks; null when all is well.</summary>
    public void Add(Func<CancellationToken, ValueTask<string?>> problem) => _checks.Enqueue(problem);

    /// <summary>Adds one that is known at once.</summary>
    public void Add(Func<string?> problem) => Add(_ => ValueTask.FromResult(problem()));

    /// <summary>Why it is not ready; none when it is.</summary>
    public async ValueTask<IReadOnlyList<string>> ProblemsAsync(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (Func<CancellationToken, ValueTask<string?>> check in _checks)
            if (await check(cancellation) is { } problem) problems.Add(problem);
        return problems;
    }
}
