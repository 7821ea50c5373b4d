using NativeLambda.Gateway.Access.Jwt;
using NativeLambda.Gateway.Access.Keys;
using NativeLambda.Gateway.Access.Limits;

namespace NativeLambda.Gateway.Access;

/// <summary>What stands before a route: its API keys, its authorizer, its limits.</summary>
/// <param name="Keys">The keys that open it; null when it needs none.</param>
/// <param name="Authorizer">Its authorizer; null when it needs no token.</param>
/// <param name="Scopes">Scopes of which the token must have one.</param>
/// <param name="Limits">Its limits; null for none.</param>
internal sealed record RouteGate(ApiKeys? Keys, JwtAuthorizer? Authorizer, IReadOnlyList<string> Scopes, RouteLimits? Limits);
