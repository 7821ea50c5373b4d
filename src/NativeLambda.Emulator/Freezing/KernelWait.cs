namespace NativeLambda.Emulator.Freezing;

/// <summary>Waits for a state of the kernel that can only be read, not awaited.</summary>
/// <remarks>
/// Always on the system's clock, not on that of the options: the kernel takes microseconds whatever time a test pretends it is.
/// A freeze is normally complete at the first look, so the first looks follow each other at once.
/// </remarks>
internal static class KernelWait
{
    private const int LooksWithoutPause = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits until the condition holds.</summary>
    /// <returns>False when it does not for ten seconds.</returns>
    public static async Task<bool> UntilAsync(Func<bool> condition, CancellationToken cancellation = default)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int look = 0; !condition(); look++)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience) return false;
            if (look < LooksWithoutPause) await Task.Yield();
            else await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
        return true;
    }
}
