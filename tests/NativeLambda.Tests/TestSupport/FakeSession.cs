using NativeLambda.Database;
using Npgsql;

namespace NativeLambda.Tests.TestSupport;

/// <summary>A session without a server: says what it is told to say, and records what was asked of it.</summary>
internal sealed class FakeSession(int backendPid) : ISession
{
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NpgsqlConnection Connection { get; } = new();

    public int BackendPid { get; } = backendPid;

    public SocketCondition Socket { get; set; } = SocketCondition.Quiet;

    public SessionCondition Condition { get; set; } = SessionCondition.Idle;

    /// <summary>What the server does with a round trip.</summary>
    public Func<FakeSession, Task> Server { get; set; } = _ => Task.CompletedTask;

    public List<string> Calls { get; } = [];

    public bool IsClosed { get; private set; }

    /// <summary>A server that does not answer: the round trip ends only when the session is aborted.</summary>
    public static async Task Hang(FakeSession session)
    {
        await session._aborted.Task;
        throw new IOException("aborted");
    }

    public static Task Fail(FakeSession session) => throw new NpgsqlException("Exception while reading from stream");

    public SocketCondition Poll() => Socket;

    public SessionCondition Inspect() => Condition;

    /// <summary>What was put before the next statement, as text.</summary>
    public List<string> Prepended { get; } = [];

    public void Prepend(byte[] query) => Prepended.Add(System.Text.Encoding.ASCII.GetString(query.AsSpan(5, query.Length - 6)));

    public Task PingAsync()
    {
        Calls.Add("ping");
        return Server(this);
    }

    /// <summary>What the server says when it is asked how full it is.</summary>
    public ServerLoad? Load { get; set; }

    public async Task<ServerLoad?> CleanAsync(CleanRequest request)
    {
        Calls.Add((request.RollBack ? "rollback " : "") + (request.Reset ? "reset" : ""));
        if (request.LoadStatement is not null)
            LoadStatements.Add(request.LoadStatement);
        await Server(this);
        return request.LoadStatement is null ? null : Load;
    }

    public List<string> LoadStatements { get; } = [];

    public async Task CloseReaderAsync()
    {
        Calls.Add("close reader");
        await Server(this);
        Condition = SessionCondition.Idle;
    }

    /// <summary>Whether a request to cancel blocks until the session is aborted, as with a server that hangs.</summary>
    public bool CancelHangs { get; set; }

    public void Cancel()
    {
        Calls.Add("cancel");
        if (CancelHangs)
            _aborted.Task.Wait();
    }

    public void Abort()
    {
        Calls.Add("abort");
        _aborted.TrySetResult();
    }

    public ValueTask CloseAsync()
    {
        Calls.Add("close");
        IsClosed = true;
        return ValueTask.CompletedTask;
    }
}
