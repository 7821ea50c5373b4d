namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>Whether the gateway is ending.</summary>
internal sealed class DrainState
{
    private volatile bool _draining;

    /// <summary>It is: it is not ready any more, and keeps no connection alive.</summary>
    public bool IsDraining => _draining;

    /// <summary>It begins to end.</summary>
    public void Begin() => _draining = true;
}
