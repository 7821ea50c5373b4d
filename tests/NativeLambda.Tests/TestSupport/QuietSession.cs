using NativeLambda.Database;
using Npgsql;

namespace NativeLambda.Tests.TestSupport;

/// <summary>A session that is always good and keeps nothing, so that what is allocated is not its own.</summary>
internal sealed class QuietSession : ISession
{
    public NpgsqlConnection Connection { get; } = new();

    public int BackendPid => 1000;

    public int Prepended { get; private set; }

    public SocketCondition Poll() => SocketCondition.Quiet;

    public SessionCondition Inspect() => SessionCondition.Idle;

    public void Prepend(byte[] query) => Prepended++;

    public Task PingAsync() => Task.CompletedTask;

    public Task<ServerLoad?> CleanAsync(CleanRequest request) => Task.FromResult<ServerLoad?>(null);

    public Task CloseReaderAsync() => Task.CompletedTask;

    public void Cancel()
    {
    }

    public void Abort()
    {
    }

    public ValueTask CloseAsync() => ValueTask.CompletedTask;
}
