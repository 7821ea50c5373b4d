namespace NativeLambda.Gateway.Access.Jwt;

/// <summary>
/// An authorizer that reads JSON Web Tokens, as an HTTP API's. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html">API Gateway, JWT authorizers</see>.
/// </summary>
internal sealed record JwtAuthorizerOptions
{
    /// <summary>What routes call it.</summary>
    public required string Name { get; init; }

    /// <summary>The issuer: what <c>iss</c> must say to the letter, and where <c>/.well-known/openid-configuration</c> is.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>What <c>aud</c>, or <c>client_id</c> where there is no <c>aud</c>, must be one of; at least one.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Where the token is: <c>$request.header.NAME</c> or <c>$request.querystring.NAME</c>.</summary>
    public string IdentitySource { get; init; } = "$request.header.Authorization";

    /// <summary>By how much the issuer's clock may differ from ours.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.Zero;

    /// <summary>Whether the issuer may be asked over plain HTTP although it is not loopback.</summary>
    public bool AllowInsecureIssuer { get; init; }
}
