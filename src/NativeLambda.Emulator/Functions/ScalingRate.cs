namespace NativeLambda.Emulator.Functions;

/// <summary>
/// How fast a function may get new environments: so many in ten seconds, refilled all the time, and never more saved up than that.
/// </summary>
internal sealed class ScalingRate(int limit, TimeProvider time)
{
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private double _left = limit;
    private long _refilled = time.GetTimestamp();

    /// <summary>Takes one environment.</summary>
    /// <returns>False when there have been too many of late.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _left = Math.Min(limit, _left + (time.GetElapsedTime(_refilled, now) / Window * limit));
            _refilled = now;
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }
}
