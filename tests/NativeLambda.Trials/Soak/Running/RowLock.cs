using Npgsql;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>Locks on rows, held by a transaction of ours until it is disposed.</summary>
internal sealed class RowLock(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
