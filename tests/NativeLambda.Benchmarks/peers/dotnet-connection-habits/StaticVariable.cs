using Npgsql;

namespace NativeLambda.Peers;

/// <summary>
/// What most tutorials say: open outside the handler, keep it for as long as the environment lives. Nothing looks at it in between.
/// </summary>
internal sealed class StaticVariable(NpgsqlConnection connection) : IConnectionHabit
{
    public ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, ValueTask<T>> handler, CancellationToken cancellation) => handler(connection);
}
