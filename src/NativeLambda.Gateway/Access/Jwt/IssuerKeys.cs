using System.Collections.Frozen;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NativeLambda.Gateway.Access.Jwt;

/// <summary>
/// The public keys of an issuer, found by OpenID Connect Discovery and kept for at most two hours, as API Gateway keeps them. A key ID
/// that is not known makes them be read again, so that a rotation takes effect with the first token of the new key.
/// </summary>
/// <remarks>
/// The framework's own <c>ConfigurationManager</c> answers such a token with the old keys and reads the new ones behind it, so that the
/// first tokens after a rotation fail; and its clock cannot be set.
/// </remarks>
internal sealed class IssuerKeys
{
    /// <summary>From this age on they are read again behind the requests that use them.</summary>
    public static readonly TimeSpan RefreshAge = TimeSpan.FromHours(1);

    /// <summary>From this age on they are not used any more.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(2);

    /// <summary>How soon unknown key IDs make them be read again: anyone can invent one.</summary>
    public static readonly TimeSpan RotationPause = TimeSpan.FromSeconds(30);

    /// <summary>How soon they are read again after that failed.</summary>
    public static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    private readonly string _issuer;
    private readonly HttpDocumentRetriever _documents;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile Reading? _known;
    private Task? _refresh;
    private long _attemptedAt;
    private IssuerUnavailableException? _failure;

    public IssuerKeys(JwtAuthorizerOptions options, HttpClient http, TimeProvider time, ILogger logger)
    {
        (_issuer, _time, _logger) = (options.Issuer.OriginalString, time, logger);
        _documents = new HttpDocumentRetriever(http) { RequireHttps = !options.Issuer.IsLoopback && !options.AllowInsecureIssuer };
    }

    /// <summary>The key of an ID; null when the issuer has none of that ID.</summary>
    /// <exception cref="IssuerUnavailableException">There are no keys that may be used.</exception>
    public async ValueTask<SecurityKey?> FindAsync(string id, CancellationToken cancellation)
    {
        Reading? known = _known;
        TimeSpan age = known is null ? TimeSpan.MaxValue : _time.GetElapsedTime(known.At);
        if (age < MaxAge && known!.Keys.TryGetValue(id, out SecurityKey? key))
        {
            if (age >= RefreshAge) _ = BeginRefresh(FailurePause);
            return key;
        }
        if (BeginRefresh(age < MaxAge && _failure is null ? RotationPause : FailurePause) is { } refresh) await refresh.WaitAsync(cancellation);
        known = _known;
        if (known is null || _time.GetElapsedTime(known.At) >= MaxAge)
            throw _failure ?? new IssuerUnavailableException($"the keys of {_issuer} could not be read");
        return known.Keys.GetValueOrDefault(id);
    }

    /// <summary>Reads them, unless that was tried a moment ago. Who comes meanwhile waits for the same reading.</summary>
    private Task? BeginRefresh(TimeSpan pause)
    {
        lock (_lock)
        {
            if (_refresh is { IsCompleted: false }) return _refresh;
            if (_refresh is not null && _time.GetElapsedTime(_attemptedAt) < pause) return null;
            _attemptedAt = _time.GetTimestamp();
            return _refresh = Task.Run(RefreshAsync);
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            string address = $"{_issuer.TrimEnd('/')}/.well-known/openid-configuration";
            OpenIdConnectConfiguration found = await OpenIdConnectConfigurationRetriever.GetAsync(address, _documents, CancellationToken.None);
            if (found.Issuer != _issuer)
                throw new InvalidOperationException($"the document says that it is of {found.Issuer}: the issuer must be written as it stands there");
            var keys = new Dictionary<string, SecurityKey>();
            foreach (JsonWebKey key in found.JsonWebKeySet?.Keys ?? [])
                if (key is { Kty: JsonWebAlgorithmsKeyTypes.RSA, Kid.Length: > 0, Use: null or "" or JsonWebKeyUseNames.Sig }) keys[key.Kid] = key;
            if (keys.Count == 0) throw new InvalidOperationException("its jwks_uri has no RSA key with an ID");
            _known = new Reading(keys.ToFrozenDictionary(), _time.GetTimestamp());
            _failure = null;
        }
#pragma warning disable CA1031 // Whatever is wrong with what an issuer serves, it is one thing to the gateway: no keys. It is logged and told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // The framework wraps what happened in what it was about.
            string reason = exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message;
            _failure = new IssuerUnavailableException($"the keys of {_issuer} could not be read: {reason}", exception);
            AccessLogMessages.IssuerUnavailable(_logger, _issuer, reason);
        }
    }

    private sealed record Reading(FrozenDictionary<string, SecurityKey> Keys, long At);
}
