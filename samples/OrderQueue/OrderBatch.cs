using System.Data;
using System.Text.Json;
using NativeLambda.Runtime;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.Samples.OrderQueue;

/// <summary>Writes the orders of a batch, each exactly once, and tells SQS which messages are to come again.</summary>
/// <remarks>
/// <para>A message is one statement, and so a transaction of its own: what is wrong with it is its own matter.</para>
/// <para>SQS delivers at least once, and a connection may die after the commit and before its answer. The id of the message is
/// written with the order, by the same statement, so a repeat finds it and does nothing.</para>
/// </remarks>
/// <param name="log">Where it tells why a message failed.</param>
internal sealed class OrderBatch(LambdaLog log)
{
    private const string Sql = """
        WITH received AS (
            INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING message_id
        )
        INSERT INTO orders (article, quantity) SELECT $2, $3 FROM received
        """;

    public async ValueTask<SqsBatchResult> HandleAsync(
        SqsEvent input, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        // By the inbox: if the connection dies, the whole batch on another one is right.
        context.IsIdempotent = true;

        var failures = new List<SqsBatchItemFailure>();
        var brokenGroups = new HashSet<string>();
        foreach (SqsMessage message in input.Records)
        {
            // Order within a group: what comes after a message that failed must wait for it.
            bool mayRun = message.Group is not { } group || !brokenGroups.Contains(group);
            if (mayRun && await TryWriteAsync(message, connection, context, cancellationToken))
                continue;
            failures.Add(new SqsBatchItemFailure(message.MessageId));
            if (message.Group is not null)
                brokenGroups.Add(message.Group);
        }

        return new SqsBatchResult(failures);
    }

    private async Task<bool> TryWriteAsync(SqsMessage message, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Shortly before the deadline the rest of the batch is left for the next delivery, and what is done is done.
            cancellationToken.ThrowIfCancellationRequested();
            await WriteAsync(message, connection, cancellationToken);
            return true;
        }
        catch (JsonException malformed)
        {
            log.Write(LogLevel.Warn, $"Message {message.MessageId} is no order: {malformed.Message}", context.RequestId);
        }
        catch (PostgresException refused) when (connection.State == ConnectionState.Open)
        {
            // The server refused the order, and the session lives on. A connection that is lost is not caught: the invocation runs again.
            log.Write(LogLevel.Warn, $"Message {message.MessageId} was refused: {refused.SqlState} {refused.MessageText}", context.RequestId);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            log.Write(LogLevel.Warn, $"Message {message.MessageId} was not written before the deadline.", context.RequestId);
        }

        return false;
    }

    private static async Task WriteAsync(SqsMessage message, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Order order = JsonSerializer.Deserialize(message.Body, EventJson.Default.Order) ?? throw new JsonException("it is null");
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = message.MessageId },
                new NpgsqlParameter<string> { TypedValue = order.Article },
                new NpgsqlParameter<int> { TypedValue = order.Quantity },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
