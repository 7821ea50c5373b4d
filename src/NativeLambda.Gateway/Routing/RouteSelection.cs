namespace NativeLambda.Gateway.Routing;

/// <summary>The step that finds a request's route. A request without one goes on: its origin may still be asking what it may do.</summary>
internal sealed class RouteSelection(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        GatewayRequest request = GatewayRequest.Of(context);
        request.Match = request.Snapshot.Routes.Find(context.Request.Host.Value, context.Request.Method, request.RawPath);
        if (request.Match is { } match)
        {
            request.Facts.Route = match.Route.Key.Text;
            request.Facts.Function = match.Function;
        }
        return next(context);
    }
}
