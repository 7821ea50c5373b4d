using System.Threading.RateLimiting;

namespace NativeLambda.Gateway.Access.Limits;

/// <summary>A route's limits: the framework's token bucket and concurrency limiter.</summary>
internal sealed class RouteLimits : IDisposable
{
    private readonly TokenBucketRateLimiter? _rate;
    private readonly ConcurrencyLimiter? _concurrency;

    /// <exception cref="AccessOptionsException">A limit cannot be as it is.</exception>
    public RouteLimits(RateLimitOptions? rate, ConcurrencyLimitOptions? concurrency)
    {
        (Rate, Concurrency) = (rate, concurrency);
        _rate = rate is null ? null : new TokenBucketRateLimiter(Bucket(rate));
        _concurrency = concurrency is null ? null : new ConcurrencyLimiter(Limiter(concurrency));
    }

    public RateLimitOptions? Rate { get; }

    public ConcurrencyLimitOptions? Concurrency { get; }

    /// <summary>Lets a request in, at once or after its turn in the queue.</summary>
    /// <returns>What to dispose of when the request is done, which is null where nothing is limited; or why it does not come in.</returns>
    public async ValueTask<(RateLimitLease? Lease, Refusal? Refusal)> EnterAsync(CancellationToken cancellation)
    {
        RateLimitLease? place = null;
        if (_concurrency is not null)
        {
            place = await _concurrency.AcquireAsync(1, cancellation);
            if (!place.IsAcquired) return (null, Refusal.Concurrency);
        }
        // A token is spent only by who has a place, for a spent one does not come back.
        using RateLimitLease? token = _rate?.AttemptAcquire();
        if (token is null or { IsAcquired: true }) return (place, null);
        place?.Dispose();
        return (null, Refusal.Rate(token.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : TimeSpan.FromSeconds(1)));
    }

    /// <summary>Ends the bucket's timer. Who has a place in the limiter keeps it, and who waits for one gets it.</summary>
    public void Dispose() => _rate?.Dispose();

    private static TokenBucketRateLimiterOptions Bucket(RateLimitOptions rate)
    {
        if (!(rate.PerSecond is > 0 and <= 1_000_000)) throw new AccessOptionsException("rate.perSecond", "must be above 0 and at most 1000000");
        if (rate.Burst < 1) throw new AccessOptionsException("rate.burst", "must be at least 1: a bucket of 0 lets nothing in");
        // Whole tokens come back about ten times a second, in a period that makes the rate exact; rarer where it is lower.
        int tokens = (int)Math.Clamp(Math.Round(rate.PerSecond / 10), 1, rate.Burst);
        return new()
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds(tokens / rate.PerSecond),
            AutoReplenishment = true,
        };
    }

    private static ConcurrencyLimiterOptions Limiter(ConcurrencyLimitOptions concurrency)
    {
        if (concurrency.Requests < 1) throw new AccessOptionsException("concurrency.requests", "must be at least 1: 0 lets nothing in");
        if (concurrency.Queue < 0) throw new AccessOptionsException("concurrency.queue", "must be at least 0");
        return new() { PermitLimit = concurrency.Requests, QueueLimit = concurrency.Queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
    }
}
