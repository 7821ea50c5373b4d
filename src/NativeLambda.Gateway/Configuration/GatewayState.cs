namespace NativeLambda.Gateway.Configuration;

/// <summary>The snapshot for the requests that come now.</summary>
internal sealed class GatewayState(GatewaySnapshot first)
{
    private volatile GatewaySnapshot _current = first;

    /// <summary>Called with each new snapshot, before the first request that gets it.</summary>
    public event Action<GatewaySnapshot>? Replacing;

    /// <summary>The snapshot for the requests that come now.</summary>
    public GatewaySnapshot Current => _current;

    /// <summary>Takes another one; requests under way keep theirs.</summary>
    public void Replace(GatewaySnapshot next)
    {
        Replacing?.Invoke(next);
        _current = next;
    }
}
