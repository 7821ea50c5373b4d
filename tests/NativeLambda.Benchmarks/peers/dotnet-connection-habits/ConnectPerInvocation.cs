using Npgsql;

namespace NativeLambda.Peers;

/// <summary>The careful way: open in the handler, close at its end. The server never has a session of who sleeps.</summary>
/// <param name="source">Where connections come from; it has no pool.</param>
/// <param name="attempts">How often it tries where the failure is one that passes: exponential, with full jitter.</param>
internal sealed class ConnectPerInvocation(NpgsqlDataSource source, int attempts) : IConnectionHabit
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public async ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, ValueTask<T>> handler, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellation);
        return await handler(connection);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await source.OpenConnectionAsync(cancellation);
            }
            catch (NpgsqlException refused) when (refused.IsTransient && attempt < attempts)
            {
                TimeSpan wait = FirstWait * Math.Pow(2, attempt - 1) * Random.Shared.NextDouble();
                await Task.Delay(wait < LongestWait ? wait : LongestWait, TimeProvider.System, cancellation);
            }
        }
    }
}
