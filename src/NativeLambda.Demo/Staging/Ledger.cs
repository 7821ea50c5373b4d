namespace NativeLambda.Demo.Staging;

/// <summary>A product's movements and stock as the tables have them.</summary>
/// <param name="Movements">How many movements there are.</param>
/// <param name="Sum">The sum of their quantities.</param>
/// <param name="Stock">The product's stock, which must be that sum.</param>
internal readonly record struct Ledger(long Movements, long Sum, long Stock)
{
    public override string ToString() => $"{Movements} movements, sum {Sum}, stock {Stock}";
}
