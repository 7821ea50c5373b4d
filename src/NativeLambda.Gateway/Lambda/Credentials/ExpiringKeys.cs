namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>Keys that end, fetched anew some time before they do.</summary>
/// <param name="fetch">Fetches keys, and when they end; null when they do not say.</param>
/// <param name="time">The time.</param>
internal sealed class ExpiringKeys(Func<CancellationToken, Task<(AwsKeys Keys, DateTimeOffset? End)>> fetch, TimeProvider time)
{
    /// <summary>
    /// How long before: new ones are there five minutes before the old ones end. Source:
    /// <see href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html">EC2, security credentials from metadata</see>.
    /// </summary>
    internal static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    private AwsKeys? _keys;
    private DateTimeOffset? _end;

    public async Task<AwsKeys> GetAsync(CancellationToken cancellation)
    {
        if (_keys is not null && (_end is null || time.GetUtcNow() < _end - Before)) return _keys;
        (_keys, _end) = await fetch(cancellation);
        return _keys;
    }
}
