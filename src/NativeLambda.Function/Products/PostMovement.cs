using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary>
/// <c>POST /products/{id}/movements</c>: 201 with the movement, 404, or 409 when the stock would fall below 0. With an
/// <c>Idempotency-Key</c>, a repeat gets the first 201 again and changes nothing; the key with another product or quantity is a
/// 422. Only movements that were made are remembered: a 404 or 409 leaves its key free.
/// </summary>
/// <remarks>
/// One transaction in one flight. The statement is a transaction of its own; with a key, a lock on it goes ahead in the same
/// batch, which the server runs as one transaction. The lock is a statement apart because the one that follows needs a snapshot
/// taken after the lock was granted, or it would not see what the request before it did under the same key. Two keys with the
/// same hash merely wait for each other; the primary key of <c>idempotency_keys</c> is the guarantee.
/// </remarks>
internal static class PostMovement
{
    private const string LockSql = "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 0))";

    // No row is locked before it fits: under READ COMMITTED the condition is checked again on the row as the movement before left it.
    private const string Sql = """
        WITH moved AS (
            UPDATE products SET stock = stock + $2 WHERE id = $1 AND stock + $2 >= 0 RETURNING stock
        ), movement AS (
            INSERT INTO movements (product_id, quantity, stock) SELECT $1, $2, stock FROM moved RETURNING id, product_id, quantity, stock
        )
        SELECT id, product_id, quantity, stock, EXISTS (SELECT FROM products WHERE id = $1)
        FROM (VALUES (1)) AS answer LEFT JOIN movement ON true
        """;

    private const string SqlWithKey = """
        WITH earlier AS (
            SELECT movement_id AS id, product_id, quantity, stock FROM idempotency_keys WHERE key = $3
        ), moved AS (
            UPDATE products SET stock = stock + $2
            WHERE id = $1 AND stock + $2 >= 0 AND NOT EXISTS (SELECT FROM earlier) RETURNING stock
        ), movement AS (
            INSERT INTO movements (product_id, quantity, stock) SELECT $1, $2, stock FROM moved RETURNING id, product_id, quantity, stock
        ), remembered AS (
            INSERT INTO idempotency_keys (key, movement_id, product_id, quantity, stock)
            SELECT $3, id, product_id, quantity, stock FROM movement
        )
        SELECT id, product_id, quantity, stock, EXISTS (SELECT FROM products WHERE id = $1)
        FROM (VALUES (1)) AS answer LEFT JOIN (TABLE earlier UNION ALL TABLE movement) AS either ON true
        """;

    public static async ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        string productId = ProductId.From(request);
        string? key = IdempotencyKey.From(request);
        int quantity = MovementBody.Read(request).Quantity;

        // With a key, running the invocation again is a repeat like any other.
        context.IsIdempotent = key is not null;

        try
        {
            return HttpResponse.Json(201, await MoveAsync(connection, productId, quantity, key, cancellationToken), Movement.Write);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation)
        {
            // Only where the role's default isolation is stricter than READ COMMITTED. Rolled back as a whole, so a repeat is safe.
            return HttpResponse.Problem(ProblemDetails.ForStatus(503, "The movement met another one and was not made: send it again."))
                .WithHeader("retry-after", "1");
        }
    }

    private static async Task<Movement> MoveAsync(
        NpgsqlConnection connection, string productId, int quantity, string? key, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = CreateBatch(connection, productId, quantity, key);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (key is not null)
            await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.IsDBNull(0))
        {
            throw reader.GetBoolean(4)
                ? new HttpProblemException(409, "The stock would fall below 0.", "quantity")
                : GetProduct.Unknown();
        }

        var movement = new Movement(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3));
        return movement.ProductId == productId && movement.Quantity == quantity
            ? movement
            : throw new HttpProblemException(422, "The Idempotency-Key was used for another movement.", "idempotency-key");
    }

    private static NpgsqlBatch CreateBatch(NpgsqlConnection connection, string productId, int quantity, string? key)
    {
        var batch = new NpgsqlBatch(connection);
        if (key is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(LockSql) { Parameters = { Statement.Value(key) } });
        var move = new NpgsqlBatchCommand(key is null ? Sql : SqlWithKey)
        {
            Parameters = { Statement.Value(productId), Statement.Value(quantity) },
        };
        if (key is not null)
            move.Parameters.Add(Statement.Value(key));
        batch.BatchCommands.Add(move);
        return batch;
    }
}
