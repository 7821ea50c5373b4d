using NativeLambda.Gateway.Access.Limits;

namespace NativeLambda.Gateway.Access;

/// <summary>Who may use a route, and how much.</summary>
internal sealed record RouteAccessOptions
{
    /// <summary>A route that everyone may use.</summary>
    public static RouteAccessOptions Open { get; } = new();

    /// <summary>The names of the API keys that open it; empty for every key that there is; null when it needs none.</summary>
    public IReadOnlyList<string>? ApiKeys { get; init; }

    /// <summary>The name of the authorizer; null when the route needs no token.</summary>
    public string? Authorizer { get; init; }

    /// <summary>Scopes of which the token must have at least one; empty when it needs none.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>How many requests it takes; null for no limit.</summary>
    public RateLimitOptions? Rate { get; init; }

    /// <summary>How many requests may be under way; null for no limit.</summary>
    public ConcurrencyLimitOptions? Concurrency { get; init; }
}
