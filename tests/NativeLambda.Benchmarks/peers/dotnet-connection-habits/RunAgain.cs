using System.Data;
using Npgsql;

namespace NativeLambda.Peers;

/// <summary>
/// The helpful way: whatever fails with its connection is run again on a new one, be it a read or a write whose commit nobody heard of.
/// </summary>
/// <param name="source">Where connections come from; it has no pool.</param>
/// <param name="first">The first one.</param>
internal sealed class RunAgain(NpgsqlDataSource source, NpgsqlConnection first) : IConnectionHabit
{
    private NpgsqlConnection _connection = first;

    public async ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, ValueTask<T>> handler, CancellationToken cancellation)
    {
        while (true)
        {
            // Broken before, and could not be replaced then.
            if (_connection.State != ConnectionState.Open)
                await ReplaceAsync(cancellation);
            try
            {
                return await handler(_connection);
            }
            catch (NpgsqlException) when (_connection.State != ConnectionState.Open)
            {
                // Once more, whatever it was.
            }
        }
    }

    private async Task ReplaceAsync(CancellationToken cancellation)
    {
        await _connection.DisposeAsync();
        _connection = await source.OpenConnectionAsync(cancellation);
    }
}
