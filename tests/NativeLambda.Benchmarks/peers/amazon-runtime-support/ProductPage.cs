namespace NativeLambda.Peers;

/// <summary>The first products, and the last id of the page where there are more.</summary>
internal sealed record ProductPage(IReadOnlyList<Product> Items, string? Next);
