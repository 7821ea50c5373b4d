using NativeLambda.Gateway.Access.Cors;
using NativeLambda.Gateway.Access.Jwt;
using NativeLambda.Gateway.Access.Keys;

namespace NativeLambda.Gateway.Access;

/// <summary>What the routes of a gateway have in common about who may use it.</summary>
internal sealed record AccessOptions
{
    /// <summary>For browsers of other origins; null leaves CORS to the functions.</summary>
    public CorsOptions? Cors { get; init; }

    /// <summary>The API keys that there are.</summary>
    public IReadOnlyList<ApiKeySource> ApiKeys { get; init; } = [];

    /// <summary>The authorizers that there are.</summary>
    public IReadOnlyList<JwtAuthorizerOptions> Authorizers { get; init; } = [];

    /// <summary>How many requests may be under way in the whole gateway; more are answered 503. Null for no limit.</summary>
    public int? MaxInFlight { get; init; }
}
