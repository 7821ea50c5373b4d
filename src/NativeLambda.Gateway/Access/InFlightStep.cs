using NativeLambda.Gateway.Access.Limits;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Access;

/// <summary>The step that lets in no more requests at once than the gateway may have.</summary>
internal sealed class InFlightStep(RequestDelegate next, InFlight inFlight)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!inFlight.TryEnter())
        {
            RequestFacts.Of(context).Error = Refusal.Busy.Error;
            await Refusal.Busy.AnswerAsync(context);
            return;
        }
        try
        {
            await next(context);
        }
        finally
        {
            inFlight.Leave();
        }
    }
}
