using System.Collections.Concurrent;

namespace NativeLambda.Gateway.Invocation;

/// <summary>
/// How long a call may take: until its time is over, or its client has gone. The sources of tokens, each with its timer, are used again
/// by later calls.
/// </summary>
#pragma warning disable CA1001 // End and GiveUp are its two ends.
internal sealed class Patience
#pragma warning restore CA1001
{
    private const int MostKept = 256;

    private static readonly ConcurrentBag<Patience> Kept = [];
    private static int _kept;

    private readonly CancellationTokenSource _source = new();
    private CancellationTokenRegistration _client;

    private Patience() { }

    /// <summary>Ends the call.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Begins a call.</summary>
    /// <param name="limit">Its time.</param>
    /// <param name="clientGone">Fires when its client has gone.</param>
    public static Patience Begin(TimeSpan limit, CancellationToken clientGone)
    {
        if (Kept.TryTake(out Patience? patience)) Interlocked.Decrement(ref _kept);
        else patience = new Patience();
        patience._source.CancelAfter(limit);
        patience._client = clientGone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), patience._source);
        return patience;
    }

    /// <summary>The time counts no more; the client still does.</summary>
    public void StopClock() => _source.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);

    /// <summary>The call is over, and nothing waits for its token any more.</summary>
    public void End()
    {
        _client.Dispose(); // waits for the callback, should it be running
        if (_source.TryReset())
        {
            if (Interlocked.Increment(ref _kept) <= MostKept)
            {
                Kept.Add(this);
                return;
            }
            Interlocked.Decrement(ref _kept); // it counts those that are kept, and this one is not
        }
        _source.Dispose();
    }

    /// <summary>The call was broken off: something may still look at its token, which is not used again.</summary>
    public void GiveUp()
    {
        _client.Dispose();
        StopClock();
    }
}
