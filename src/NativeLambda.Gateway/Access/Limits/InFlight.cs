namespace NativeLambda.Gateway.Access.Limits;

/// <summary>Counts the requests under way in the whole gateway, and refuses more than there may be.</summary>
internal sealed class InFlight
{
    private int _count;

    /// <summary>How many there may be; a change counts from the next request on.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins one; each that began must <see cref="Leave"/>.</summary>
    /// <returns>False when there are as many as there may be, and it did not begin.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Limit) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Ends one.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}
