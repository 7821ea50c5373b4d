using Npgsql;

namespace NativeLambda.Trials.Storm;

/// <summary>The writes as the callers know them, against the rows.</summary>
/// <param name="Acknowledged">Writes that were answered with 201.</param>
/// <param name="Rows">Movements that the table holds.</param>
/// <param name="Lost">Acknowledged writes without a row.</param>
/// <param name="Doubled">Writes with more than one row.</param>
/// <param name="Unacknowledged">Rows of writes whose caller got another answer: allowed, once each.</param>
/// <param name="StockIsSum">Whether each product's stock is the sum of its movements.</param>
internal readonly record struct LedgerCheck(int Acknowledged, int Rows, int Lost, int Doubled, int Unacknowledged, bool StockIsSum)
{
    public bool IsClean => Lost == 0 && Doubled == 0 && StockIsSum;

    public static async Task<LedgerCheck> MakeAsync(IEnumerable<StormAnswer> answers, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = new Dictionary<int, int>();
        await using (var command = new NpgsqlCommand("SELECT quantity, count(*)::int FROM movements GROUP BY quantity", connection))
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                rows[reader.GetInt32(0)] = reader.GetInt32(1);
        }

        await using var sum = new NpgsqlCommand(
            """
            SELECT NOT EXISTS (
              SELECT FROM products AS p WHERE stock <> (SELECT coalesce(sum(quantity), 0) FROM movements WHERE product_id = p.id))
            """,
            connection);
        bool stockIsSum = await sum.ExecuteScalarAsync(cancellation) is true;
        HashSet<int> acknowledged = [.. answers.Where(static answer => answer.IsAcknowledgedWrite).Select(static answer => answer.Request.Number)];
        return new LedgerCheck(
            acknowledged.Count,
            rows.Values.Sum(),
            acknowledged.Count(number => !rows.ContainsKey(number)),
            rows.Values.Count(static count => count > 1),
            rows.Keys.Count(number => !acknowledged.Contains(number)),
            stockIsSum);
    }
}
