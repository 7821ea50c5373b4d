namespace NativeLambda.Trials.Soak.Running;

/// <summary>The time since the start of the trial.</summary>
internal sealed class SoakClock
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Waits.</summary>
    /// <returns>False when the wait was ended before its time.</returns>
    public async Task<bool> PauseAsync(TimeSpan pause, CancellationToken end)
    {
        try
        {
            await Task.Delay(pause, _time, end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
