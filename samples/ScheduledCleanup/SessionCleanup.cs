using NativeLambda.Runtime;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.Samples.ScheduledCleanup;

/// <summary>Deletes sessions that had expired when the schedule fired, a batch a transaction, for as long as the invocation has time.</summary>
/// <param name="log">Where it tells what it did.</param>
internal sealed class SessionCleanup(LambdaLog log)
{
    private const int BatchSize = 1000;

    // The moment is the event's: a late or repeated delivery deletes no more than the first one was to. Rows that another run is at are left to it.
    private const string Sql = """
        DELETE FROM sessions WHERE id IN (
            SELECT id FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>Time that is left for the answer, and for a batch that takes longer than usual.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(2);

    public async ValueTask<CleanupResult> HandleAsync(
        ScheduledEvent input, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        // What is deleted stays deleted: if the connection dies, the same again on another one is right.
        context.IsIdempotent = true;

        long deleted = 0;
        bool finished = false;
        do
        {
            await using var command = new NpgsqlCommand(Sql, connection)
            {
                Parameters = { new NpgsqlParameter<DateTime> { TypedValue = input.Time.UtcDateTime }, new NpgsqlParameter<int> { TypedValue = BatchSize } },
            };
            int batch = await command.ExecuteNonQueryAsync(cancellationToken);
            deleted += batch;
            finished = batch < BatchSize;
        }
        while (!finished && context.RemainingTime > Reserve);

        log.Write(LogLevel.Info, $"{deleted} sessions that had expired at {input.Time:O} are gone{(finished ? "" : "; there are more")}.", context.RequestId);
        return new CleanupResult(deleted, finished);
    }
}
