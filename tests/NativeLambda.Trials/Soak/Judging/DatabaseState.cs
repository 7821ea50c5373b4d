namespace NativeLambda.Trials.Soak.Judging;

/// <summary>What the tables hold in the end.</summary>
/// <param name="Movements">The movements by their ids, which a product's movements get in the order in which they were made.</param>
/// <param name="Stocks">The stock of each product.</param>
/// <param name="Keys">The movement of each <c>Idempotency-Key</c>.</param>
internal sealed record DatabaseState(
    IReadOnlyList<MovementRow> Movements, IReadOnlyDictionary<int, long> Stocks, IReadOnlyDictionary<string, long> Keys);

/// <summary>A row of <c>movements</c>.</summary>
internal readonly record struct MovementRow(long Id, int Product, int Quantity, long Stock);
