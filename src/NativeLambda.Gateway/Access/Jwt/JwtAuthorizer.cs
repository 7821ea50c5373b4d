using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Access.Jwt;

/// <summary>
/// Lets in who has a token of the issuer. The framework reads it and checks its signature; the claims are checked as API Gateway
/// documents it. Sources: <see cref="JwtAuthorizerOptions"/>;
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html">API Gateway,
/// Troubleshooting JWT authorizers</see>; <see href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</see>.
/// </summary>
internal sealed class JwtAuthorizer
{
    private const string HeaderSource = "$request.header.", QuerySource = "$request.querystring.", Scheme = "Bearer ";

    // The RSA family, and nothing that could be checked with a public key taken for a secret, or with no key at all.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly IssuerKeys _keys;
    private readonly TimeProvider _time;

    /// <exception cref="AccessOptionsException">An option cannot be as it is.</exception>
    public JwtAuthorizer(JwtAuthorizerOptions options, HttpClient http, TimeProvider time, ILogger logger)
    {
        Check(options);
        (Options, _time, _keys) = (options, time, new IssuerKeys(options, http, time, logger));
    }

    public JwtAuthorizerOptions Options { get; }

    /// <summary>Decides about a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scopes">Scopes of which the token must have one; none where it needs none.</param>
    /// <param name="cancellation">Ends the waiting for the issuer.</param>
    public async ValueTask<(JwtIdentity? Identity, Refusal? Refusal)> AuthorizeAsync(
        HttpRequest request, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        if (ReadToken(request) is not { } text) return (null, Unauthorized("Bearer", "token_missing"));
        try
        {
            (JsonDocument? claims, string? wrong) = await ReadClaimsAsync(text, cancellation);
            using (claims)
            {
                wrong ??= JwtClaims.Check(claims!.RootElement, Options, _time.GetUtcNow());
                if (wrong is not null)
                    return (null, Unauthorized($"Bearer scope=\"\" error=\"invalid_token\" error_description=\"{wrong}\"", "token_invalid"));
                if (scopes.Count > 0 && !JwtClaims.HasScope(claims!.RootElement, scopes)) return (null, Forbidden(scopes));
                return (new JwtIdentity(JwtClaims.ToTexts(claims!.RootElement), scopes.Count > 0 ? scopes : null), null);
            }
        }
        catch (IssuerUnavailableException)
        {
            // It is logged where it happened. Nothing is known against the token.
            return (null, new Refusal(StatusCodes.Status503ServiceUnavailable, "Service Unavailable", "issuer_unavailable") { RetryAfter = IssuerKeys.FailurePause });
        }
    }

    private async ValueTask<(JsonDocument? Claims, string? Wrong)> ReadClaimsAsync(string text, CancellationToken cancellation)
    {
        JsonWebToken token;
        try
        {
            token = _handler.ReadJsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            return (null, "the token is malformed");
        }
        if (!Algorithms.Contains(token.Alg)) return (null, "the algorithm of the token is not supported");
        if (token.Kid is not { Length: > 0 } id) return (null, "the token names no key");
        if (await _keys.FindAsync(id, cancellation) is not { } key) return (null, "the key of the token is unknown");
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = Algorithms,
            ValidIssuer = Options.Issuer.OriginalString,
            ValidateAudience = false, // by JwtClaims, for client_id may stand for it
            ValidateLifetime = false, // by JwtClaims, by the gateway's clock
            LogValidationExceptions = false,
            IncludeTokenOnFailedValidation = false,
        });
        if (result.IsValid) return (JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload)), null);
        return (null, result.Exception is SecurityTokenInvalidIssuerException ? "the token does not have the valid issuer" : "the signature of the token is invalid");
    }

    private string? ReadToken(HttpRequest request)
    {
        string source = Options.IdentitySource;
        var values = source.StartsWith(HeaderSource, StringComparison.Ordinal)
            ? request.Headers[source[HeaderSource.Length..]]
            : request.Query[source[QuerySource.Length..]];
        if (values is not [{ Length: > 0 } value]) return null;
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : value;
    }

    private static Refusal Unauthorized(string challenge, string error) =>
        new(StatusCodes.Status401Unauthorized, "Unauthorized", error) { Challenge = challenge };

    private static Refusal Forbidden(IReadOnlyList<string> scopes) =>
        new(StatusCodes.Status403Forbidden, "Forbidden", "token_scope")
        {
            Challenge = $"Bearer scope=\"{string.Join(' ', scopes)}\" error=\"insufficient_scope\" error_description=\"the token has none of the scopes\"",
        };

    private static void Check(JwtAuthorizerOptions options)
    {
        if (!options.Issuer.IsAbsoluteUri || options.Issuer.Scheme is not ("https" or "http"))
            throw new AccessOptionsException("issuer", "must be an address such as https://issuer.example.com");
        if (options.Issuer.Scheme == "http" && !options.Issuer.IsLoopback && !options.AllowInsecureIssuer)
            throw new AccessOptionsException("issuer", "must be https: over plain HTTP anyone on the way can hand out keys");
        if (options.Audiences.Count == 0) throw new AccessOptionsException("audiences", "name at least one: else tokens for other services open this one");
        string source = options.IdentitySource;
        if (!IsSource(source, HeaderSource) && !IsSource(source, QuerySource))
            throw new AccessOptionsException("identitySource", $"must be {HeaderSource}NAME or {QuerySource}NAME");
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(5))
            throw new AccessOptionsException("clockSkew", "must be from 0s to 5m");
    }

    private static bool IsSource(string source, string prefix) => source.Length > prefix.Length && source.StartsWith(prefix, StringComparison.Ordinal);
}
