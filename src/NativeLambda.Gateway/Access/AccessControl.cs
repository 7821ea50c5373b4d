using System.Collections.Frozen;
using NativeLambda.Gateway.Access.Cors;
using NativeLambda.Gateway.Access.Jwt;
using NativeLambda.Gateway.Access.Keys;
using NativeLambda.Gateway.Access.Limits;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Access;

/// <summary>
/// What a configuration says about access, ready for requests. The next one takes over what did not change, so that reading the file
/// again neither forgets an issuer's keys nor fills a bucket.
/// </summary>
internal sealed class AccessControl
{
    private readonly Dictionary<string, JwtAuthorizer> _authorizers = [];
    private readonly Dictionary<string, RouteLimits> _limits = [];
    private readonly FrozenDictionary<Route, RouteGate> _gates;

    private AccessControl(AccessOptions options, IReadOnlyList<Route> routes, AccessServices services, AccessControl? previous)
    {
        Options = options;
        if (options.MaxInFlight < 1) throw new AccessOptionsException("maxInFlight", "must be at least 1: 0 lets nothing in");
        Cors = options.Cors is null ? null : new CorsPolicy(options.Cors);
        var keys = ApiKeys.Load(options.ApiKeys, services.Variable);
        foreach (JwtAuthorizerOptions authorizer in options.Authorizers)
        {
            JwtAuthorizer? old = previous?._authorizers.GetValueOrDefault(authorizer.Name);
            if (!_authorizers.TryAdd(authorizer.Name, old is not null && Same(old.Options, authorizer) ? old : services.CreateAuthorizer(authorizer)))
                throw new AccessOptionsException("authorizers", $"there are two of the name \"{authorizer.Name}\"");
        }
        // By reference: a match holds the very route, and comparing all of a record's members would cost every request.
        _gates = routes.ToFrozenDictionary(static route => route, route => CreateGate(route, keys, previous), ReferenceEqualityComparer.Instance as IEqualityComparer<Route>);
    }

    /// <summary>What it was made of.</summary>
    public AccessOptions Options { get; }

    /// <summary>The policy for other origins; null where there is none.</summary>
    public CorsPolicy? Cors { get; }

    /// <summary>Makes one.</summary>
    /// <param name="options">What routes have in common.</param>
    /// <param name="routes">The routes.</param>
    /// <param name="services">What it needs.</param>
    /// <param name="previous">The one that it takes the place of; that one must be retired once the new one serves.</param>
    /// <exception cref="AccessOptionsException">An option cannot be as it is.</exception>
    public static AccessControl Create(AccessOptions options, IReadOnlyList<Route> routes, AccessServices services, AccessControl? previous = null) =>
        new(options, routes, services, previous);

    /// <summary>What stands before a route of the configuration.</summary>
    public RouteGate GateOf(Route route) => _gates[route];

    /// <summary>Ends what the next one did not take over.</summary>
    public void Retire(AccessControl? next)
    {
        foreach ((string name, RouteLimits limits) in _limits)
            if (next?._limits.GetValueOrDefault(name) != limits) limits.Dispose();
    }

    private RouteGate CreateGate(Route route, ApiKeys keys, AccessControl? previous)
    {
        RouteAccessOptions access = route.Access;
        try
        {
            JwtAuthorizer? authorizer = access.Authorizer is not { } name ? null
                : _authorizers.GetValueOrDefault(name) ?? throw new AccessOptionsException("authorizer", $"there is no authorizer of the name \"{name}\"");
            if (authorizer is null && access.Scopes.Count > 0) throw new AccessOptionsException("scopes", "only an authorizer can check scopes: name one");
            return new RouteGate(access.ApiKeys is null ? null : keys.Select(access.ApiKeys), authorizer, access.Scopes, LimitsOf(route, previous));
        }
        catch (AccessOptionsException exception)
        {
            throw new AccessOptionsException(exception.Option, $"{exception.Reason} (route {route})");
        }
    }

    private RouteLimits? LimitsOf(Route route, AccessControl? previous)
    {
        if (route.Access is { Rate: null, Concurrency: null }) return null;
        string name = $"{string.Join(' ', route.Hosts)} {route}";
        RouteLimits? old = previous?._limits.GetValueOrDefault(name);
        RouteLimits limits = old is not null && old.Rate == route.Access.Rate && old.Concurrency == route.Access.Concurrency
            ? old
            : new RouteLimits(route.Access.Rate, route.Access.Concurrency);
        _limits[name] = limits;
        return limits;
    }

    private static bool Same(JwtAuthorizerOptions one, JwtAuthorizerOptions other) =>
        one.Issuer.OriginalString == other.Issuer.OriginalString && one.Audiences.SequenceEqual(other.Audiences)
        && one == other with { Issuer = one.Issuer, Audiences = one.Audiences };
}
