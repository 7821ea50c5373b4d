using NativeLambda.Database;

namespace NativeLambda.Tests.TestSupport;

/// <summary>Opens fake sessions, or fails as it is told to, an outcome for each attempt; after the last one it succeeds.</summary>
internal sealed class FakeSessionFactory : ISessionFactory
{
    private readonly Queue<Exception> _failures = new();

    public List<FakeSession> Opened { get; } = [];

    public int Attempts { get; private set; }

    /// <summary>Whether the credentials come from where others may be had.</summary>
    public bool CanRefresh { get; set; }

    public int Refreshes { get; private set; }

    public FakeSession Current => Opened[^1];

    public void FailWith(params Exception[] failures)
    {
        foreach (Exception failure in failures)
            _failures.Enqueue(failure);
    }

    /// <summary>What attempts wait for, whatever their token says: a server that accepts and then says nothing.</summary>
    public Task Silence { get; set; } = Task.CompletedTask;

    public async Task<ISession> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Attempts++;
        await Silence;
        if (_failures.TryDequeue(out Exception? failure))
            throw failure;
        var session = new FakeSession(backendPid: 1000 + Opened.Count);
        Opened.Add(session);
        return session;
    }

    public bool TryRefreshCredentials()
    {
        Refreshes += CanRefresh ? 1 : 0;
        return CanRefresh;
    }

    /// <summary>Whether a failure teaches the factory to open otherwise.</summary>
    public Func<Exception, bool> Adapts { get; set; } = _ => false;

    public bool TryAdapt(Exception refusal) => Adapts(refusal);
}
