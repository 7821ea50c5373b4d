namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>Whether the gateway is ending.</summary>
internal sealed class DrainState
{
    private volatile bool _draining, _cut;

    /// <summary>It is: it is not ready any more, and keeps no connection alive.</summary>
    public bool IsDraining => _draining;

    /// <summary>What is under way is cut off: whoever is not answered any more has not gone by himself.</summary>
    public bool IsCut => _cut;

    /// <summary>It begins to end.</summary>
    public void Begin() => _draining = true;

    /// <summary>Requests under way are cut off from now on.</summary>
    public void Cut() => _cut = true;
}
