using NativeLambda.Gateway.Access.Jwt;

namespace NativeLambda.Gateway.Access;

/// <summary>What access control needs from outside, once for a process.</summary>
/// <param name="http">Asks issuers for their keys.</param>
/// <param name="time">The time.</param>
/// <param name="logger">Whoever operates the gateway.</param>
internal sealed class AccessServices(HttpClient http, TimeProvider time, ILogger logger) : IDisposable
{
    // A key set has some kilobytes, and an issuer that takes longer is down.
    private const int MaxDocument = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads a variable of the environment.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Those of a process.</summary>
    public static AccessServices Create(TimeProvider time, ILogger logger) => new(
        new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MaxDocument,
        },
        time,
        logger);

    public JwtAuthorizer CreateAuthorizer(JwtAuthorizerOptions options) => new(options, http, time, logger);

    public void Dispose() => http.Dispose();
}
