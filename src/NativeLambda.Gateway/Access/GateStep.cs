using System.Threading.RateLimiting;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Access;

/// <summary>
/// The step that asks who it is, then how many there are. In that order, so that those who may not come in take nothing from those who may.
/// </summary>
internal sealed class GateStep(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        GatewayRequest request = GatewayRequest.Of(context);
        RouteGate gate = request.Snapshot.Access.GateOf(request.Route);
        return gate is { Keys: null, Authorizer: null, Limits: null } ? next(context) : EnterAsync(context, request, gate);
    }

    private async Task EnterAsync(HttpContext context, GatewayRequest request, RouteGate gate)
    {
        RequestFacts facts = request.Facts;
        if (gate.Keys is { } keys && (facts.ApiKey = keys.Find(OnlyKey(context.Request))) is null)
        {
            await RefuseAsync(context, facts, Refusal.NoApiKey);
            return;
        }
        if (gate.Authorizer is { } authorizer)
        {
            (request.Jwt, Refusal? refusal) = await authorizer.AuthorizeAsync(context.Request, gate.Scopes, context.RequestAborted);
            if (refusal is not null)
            {
                await RefuseAsync(context, facts, refusal);
                return;
            }
        }
        (RateLimitLease? lease, Refusal? full) = gate.Limits is null ? default : await gate.Limits.EnterAsync(context.RequestAborted);
        using (lease)
            await (full is null ? next(context) : RefuseAsync(context, facts, full));
    }

    private static string? OnlyKey(HttpRequest request) => request.Headers["x-api-key"] is [var key] ? key : null;

    private static Task RefuseAsync(HttpContext context, RequestFacts facts, Refusal refusal)
    {
        facts.Error = refusal.Error;
        return refusal.AnswerAsync(context);
    }
}
