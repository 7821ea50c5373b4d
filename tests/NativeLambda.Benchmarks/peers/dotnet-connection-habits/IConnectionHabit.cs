using Npgsql;

namespace NativeLambda.Peers;

/// <summary>A way to have a connection in a function.</summary>
internal interface IConnectionHabit
{
    /// <summary>Runs a handler on a connection.</summary>
    ValueTask<T> UseAsync<T>(Func<NpgsqlConnection, ValueTask<T>> handler, CancellationToken cancellation);
}
