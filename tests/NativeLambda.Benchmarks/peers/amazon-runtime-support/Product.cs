namespace NativeLambda.Peers;

/// <summary>A product as clients see it.</summary>
internal sealed record Product(string Id, string Name, decimal Price, long Stock);
