namespace NativeLambda.Trials.Soak.Planning;

/// <summary>A request of one client.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Client">The client, from 0.</param>
/// <param name="Index">Which of its requests, from 0.</param>
/// <param name="Pause">How long the client waits before, after the end of its last one.</param>
/// <param name="Product">The product, from 0.</param>
/// <param name="Quantity">The quantity of a movement: no other movement of the product has the same. 0 for others.</param>
internal readonly record struct PlannedOperation(
    OperationKind Kind, int Client, int Index, TimeSpan Pause, int Product, int Quantity)
{
    public bool IsRead => Kind is OperationKind.Read or OperationKind.List;

    /// <summary>The <c>Idempotency-Key</c>, or nothing.</summary>
    public string? Key => Kind == OperationKind.KeyedWrite ? $"soak-{Client}-{Index}" : null;

    /// <summary>The product's id in the API.</summary>
    public string ProductId => SoakPlan.ProductId(Product);
}
