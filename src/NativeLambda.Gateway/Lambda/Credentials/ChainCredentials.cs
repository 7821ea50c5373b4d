namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>
/// Keeps what the chain gave for a moment, so that its looks at files and addresses are not in each request's way; asks it once for all
/// who wait; and goes on with keys that were good when the chain has a moment's trouble: Lambda tells when they are too old.
/// </summary>
/// <param name="chain">Finds keys. It is asked by one caller at a time.</param>
/// <param name="time">The time.</param>
/// <param name="logger">Told of keys that could not be renewed.</param>
internal sealed partial class ChainCredentials(ICredentialChain chain, TimeProvider time, ILogger logger) : ICredentialSource, IDisposable
{
    /// <summary>For how long the chain is not asked again.</summary>
    internal static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>For how long nobody waits for its answer: keys are used on while it is asked.</summary>
    internal static readonly TimeSpan Usable = TimeSpan.FromMinutes(1);

    /// <summary>The longest that it may take.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<AwsKeys>? _asking;
    private volatile Answer? _last;
    private bool _troubled;

    public ValueTask<AwsKeys> GetAsync(CancellationToken cancellation)
    {
        if (_last is not { } last) return new(AskAsync().WaitAsync(cancellation));
        TimeSpan age = time.GetElapsedTime(last.Taken);
        if (age < Fresh) return last.Keys is { } fresh ? new(fresh) : ValueTask.FromException<AwsKeys>(None(last.Why!));
        Task<AwsKeys> asking = AskAsync();
        return age < Usable && last.Keys is { } usable && !asking.IsCompletedSuccessfully ? new(usable) : new(asking.WaitAsync(cancellation));
    }

    public async ValueTask<AwsKeys> RefreshAsync(AwsKeys refused, CancellationToken cancellation)
    {
        Task<AwsKeys> renewing;
        lock (_lock) renewing = _asking = RenewAsync(_asking, refused);
        return await renewing.WaitAsync(cancellation);
    }

    public void Dispose() => chain.Dispose();

    private Task<AwsKeys> AskAsync()
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false }) return _asking;
            return _asking = Task.Run(() => ResolveAsync(_last?.Keys)); // the SDK's part of the chain blocks
        }
    }

    private async Task<AwsKeys> RenewAsync(Task? before, AwsKeys refused)
    {
        await (before ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        // Of many requests that were refused with the same keys the first asks for all.
        if (_last is { } last)
        {
            if (last.Keys is { } others && !others.Same(refused)) return others;
            if (last.Refused && time.GetElapsedTime(last.Taken) < Fresh) return last.Keys ?? throw None(last.Why!);
        }
        chain.Forget();
        return await ResolveAsync(keep: null, refused: true);
    }

    private async Task<AwsKeys> ResolveAsync(AwsKeys? keep, bool refused = false)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            AwsKeys keys = await chain.GetAsync(limit.Token);
            // The same keys stay the same object: the signer keeps what it derived from them.
            if (_last?.Keys is { } before && before.Same(keys)) keys = before;
            _last = new Answer(keys, null, time.GetTimestamp(), refused);
            _troubled = false;
            return keys;
        }
#pragma warning disable CA1031 // Profiles, processes, single sign-on: whatever it is, there are no keys.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string why = exception is OperationCanceledException ? $"what should give them did not answer within {Limit.TotalSeconds} s." : exception.Message;
            if (!_troubled) LogTrouble(logger, keep is null ? "calls fail until it does" : "those from before are used on", why);
            _troubled = true;
            _last = new Answer(keep, why, time.GetTimestamp(), refused);
            return keep ?? throw None(why, exception);
        }
    }

    private static LambdaUnreachableException None(string why, Exception? cause = null) => new($"There are no AWS credentials: {why}", cause, mayHaveRun: false);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The chain of AWS credentials gave none, and {Consequence}: {Why}")]
    private static partial void LogTrouble(ILogger logger, string consequence, string why);

    /// <summary>What the chain said last.</summary>
    /// <param name="Keys">The keys to use; null when there are none.</param>
    /// <param name="Why">Why it gave none; null when it did.</param>
    /// <param name="Taken">When it said so.</param>
    /// <param name="Refused">Whether it was asked because keys were refused.</param>
    private sealed record Answer(AwsKeys? Keys, string? Why, long Taken, bool Refused);
}
