using NativeLambda.Gateway.Access.Cors;

namespace NativeLambda.Gateway.Access;

/// <summary>The step that answers preflight requests, whether or not there is a route for them, and never asks them for credentials: browsers send none.</summary>
internal sealed class CorsStep(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (GatewayRequest.Of(context).Snapshot.Access.Cors is { } policy)
        {
            if (CorsPolicy.IsPreflight(context.Request))
            {
                policy.AnswerPreflight(context);
                return Task.CompletedTask;
            }
            policy.Decorate(context);
        }
        return next(context);
    }
}
