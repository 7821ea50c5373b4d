using NativeLambda.Gateway.Invocation;

namespace NativeLambda.Gateway.Routing;

/// <summary>The step beyond which every request has a route.</summary>
internal sealed class RouteRequired(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        GatewayRequest.Of(context).Match is null ? GatewayAnswer.WriteAsync(context, StatusCodes.Status404NotFound) : next(context);
}
