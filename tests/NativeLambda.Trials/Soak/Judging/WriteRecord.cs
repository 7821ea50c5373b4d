namespace NativeLambda.Trials.Soak.Judging;

/// <summary>A write and what became of it, by the word of the function.</summary>
/// <param name="Product">The product.</param>
/// <param name="Quantity">The quantity, which no other write of the product has.</param>
/// <param name="Key">The <c>Idempotency-Key</c>, or nothing.</param>
/// <param name="Result">What the client knows.</param>
/// <param name="Start">When the first attempt began.</param>
/// <param name="LastStart">When the last one began.</param>
/// <param name="End">When the last one was answered.</param>
/// <param name="RequestId">The last attempt.</param>
/// <param name="MovementId">The movement, when acknowledged.</param>
/// <param name="Stock">The stock after it, when acknowledged.</param>
internal sealed record WriteRecord(
    int Product, int Quantity, string? Key, WriteResult Result, TimeSpan Start, TimeSpan LastStart, TimeSpan End, string RequestId,
    long MovementId = 0, long Stock = 0)
{
    public override string ToString() =>
        $"movement {Quantity:+0;-0} of p{Product}{(Key is null ? "" : $" ({Key})")}, {Result} between {Start.TotalSeconds:0.000} and {End.TotalSeconds:0.000} s, request {RequestId}";
}
