using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Routing;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway;

/// <summary>What decides about a request: the configuration that it began with, and the route that was found. It is one of the context's features;
/// what is told of the request afterwards is in <see cref="Facts"/>.</summary>
/// <param name="facts">What becomes known of it.</param>
/// <param name="snapshot">The configuration that it began with.</param>
/// <param name="rawPath">Its path as it stood in the request line, still encoded, without the query.</param>
/// <param name="rawQuery">Its query as it stood there, still encoded, without the question mark.</param>
internal sealed class GatewayRequest(RequestFacts facts, GatewaySnapshot snapshot, string rawPath, string rawQuery)
{
    public RequestFacts Facts => facts;

    public GatewaySnapshot Snapshot => snapshot;

    public string RawPath => rawPath;

    public string RawQuery => rawQuery;

    /// <summary>The route; null before the selection and where there is none.</summary>
    public RouteMatch? Match { get; set; }

    /// <summary>The route, for steps behind <see cref="RouteRequired"/>.</summary>
    public Route Route => Match!.Route;

    /// <summary>What the route's authorizer found out; null where it has none.</summary>
    public JwtIdentity? Jwt { get; set; }

    /// <summary>The request of a context.</summary>
    public static GatewayRequest Of(HttpContext context) => context.Features.Get<GatewayRequest>()!;
}
