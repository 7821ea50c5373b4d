using System.Threading.Channels;

namespace NativeLambda.Emulator.Functions;

/// <summary>Keeps a number of environments started ahead of invocations: replaces those that end or lose their process.</summary>
internal sealed class ProvisionedConcurrency : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly Func<Task<bool>> _replenish;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _keeping;

    /// <param name="replenish">Starts what is missing; false when that failed.</param>
    /// <param name="time">The clock of the delays after failures: 1 s, doubled up to 30 s.</param>
    public ProvisionedConcurrency(Func<Task<bool>> replenish, TimeProvider time)
    {
        _replenish = replenish;
        _time = time;
        Wake();
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Says that something may be missing.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        _end.Dispose();
    }

    private async Task KeepAsync()
    {
        TimeSpan delay = FirstDelay;
        try
        {
            while (await _wake.Reader.WaitToReadAsync(_end.Token))
            {
                while (_wake.Reader.TryRead(out _)) { }
                if (await _replenish())
                {
                    delay = FirstDelay;
                    continue;
                }
                await Task.Delay(delay, _time, _end.Token);
                delay = delay + delay < LongestDelay ? delay + delay : LongestDelay;
                Wake();
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The function is shut down.
        }
    }
}
