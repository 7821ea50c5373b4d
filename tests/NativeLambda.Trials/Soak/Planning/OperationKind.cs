namespace NativeLambda.Trials.Soak.Planning;

/// <summary>What a client asks the function for.</summary>
internal enum OperationKind
{
    /// <summary><c>GET /products/{id}</c>, whose stock is compared with the movements.</summary>
    Read,

    /// <summary><c>GET /products</c>.</summary>
    List,

    /// <summary>A movement without an <c>Idempotency-Key</c>: sent once.</summary>
    Write,

    /// <summary>A movement with one: sent until it is acknowledged.</summary>
    KeyedWrite,
}
