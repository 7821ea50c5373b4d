using System.Diagnostics;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Operation.Telemetry;
using NativeLambda.Gateway.Routing;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Invocation;

/// <summary>The last step: the request becomes an event, the function's result the response.</summary>
internal sealed class InvocationStep(ILambdaClient lambda, TimeProvider time, ILogger logger)
{
    // Besides the body: the headers of a usual browser and what an event says of the request.
    private const int EventOverhead = 4 * 1024;

    // Longer to read than a change of threads takes.
    private const int LargeResult = 32 * 1024;

    private readonly StreamedInvocation _streamed = new(lambda, time, logger);

    public async Task InvokeAsync(HttpContext context)
    {
        GatewayRequest request = GatewayRequest.Of(context);
        RequestFacts facts = request.Facts;
        Route route = request.Route;
        string function = request.Match!.Function;
        using Activity? span = GatewayTracing.StartInvoke(facts, function); // before the event, which names it as the parent
        try
        {
            PooledBuffer? payload = await WriteEventAsync(context, request, facts);
            if (payload is null)
            {
                await Failure.TooLarge.AnswerAsync(context, facts);
                return;
            }
            facts.EventBytes = payload.Length;
            var call = new LambdaCall(function, route.Qualifier, payload.Written, facts.TraceHeader, route.Timeout, facts);
            await CallAsync(context, route, facts, call);
            payload.Dispose();
        }
        catch (LambdaRefusedException refused)
        {
            InvocationMessages.Refused(logger, function, facts.RequestId, refused.Message);
            await Failure.Of(refused).AnswerAsync(context, facts);
        }
        catch (LambdaUnreachableException unreachable)
        {
            InvocationMessages.Unreachable(logger, function, facts.RequestId, unreachable.Message);
            await Failure.Of(unreachable).AnswerAsync(context, facts);
        }
        catch (LambdaResultTooLargeException result)
        {
            InvocationMessages.BadResult(logger, function, facts.RequestId, result.Message);
            await Failure.OfResult.AnswerAsync(context, facts);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            facts.Error = Failure.ClientGone;
        }
        catch (OperationCanceledException)
        {
            await Failure.Timeout.AnswerAsync(context, facts);
        }
    }

    private static async ValueTask<PooledBuffer?> WriteEventAsync(HttpContext context, GatewayRequest request, RequestFacts facts)
    {
        Route route = request.Route;
        PooledBuffer? body = null;
        if (RequestBody.IsExpected(context.Request))
        {
            body = await RequestBody.ReadAsync(context.Request, route.MaxBody);
            if (body is null) return null;
            facts.BytesIn = body.Length;
        }
        var payload = new PooledBuffer((body?.Length ?? 0) + EventOverhead);
        ProxyEvent.Write(EventRequest.Of(context, request, facts, body?.Written ?? default), route.Format, payload);
        body?.Dispose();
        if (payload.Length <= route.MaxEvent) return payload;
        payload.Dispose();
        return null;
    }

    private async ValueTask CallAsync(HttpContext context, Route route, RequestFacts facts, LambdaCall call)
    {
        var patience = Patience.Begin(route.Timeout, context.RequestAborted);
        long start = time.GetTimestamp();
        try
        {
            switch (route.Mode)
            {
                case InvokeMode.Event:
                    facts.UpstreamRequestId = await lambda.EnqueueAsync(call, patience.Token);
                    facts.Upstream = time.GetElapsedTime(start);
                    context.Response.StatusCode = StatusCodes.Status202Accepted;
                    context.Response.ContentLength = 0;
                    break;
                case InvokeMode.Stream:
                    await _streamed.InvokeAsync(context, route, facts, call, patience);
                    break;
                default:
                    LambdaResult result = await lambda.InvokeAsync(call, patience.Token);
                    facts.Upstream = time.GetElapsedTime(start);
                    patience.StopClock();
                    // It came on a thread that all connections wait for (see InlineCompletions).
                    if (result.Payload.Length > LargeResult) await Task.Yield();
                    await AnswerAsync(context, route, facts, result);
                    break;
            }
            patience.End();
        }
        catch
        {
            facts.Upstream ??= time.GetElapsedTime(start);
            patience.GiveUp();
            throw;
        }
    }

    private ValueTask AnswerAsync(HttpContext context, Route route, RequestFacts facts, LambdaResult result)
    {
        facts.UpstreamRequestId = result.RequestId;
        if (result.FunctionError is not null) return new ValueTask(Failure.OfFunction.AnswerAsync(context, facts));
        if (ProxyResult.Read(result.Payload, route.Format, out string? problem) is { } answer) return FunctionAnswer.WriteAsync(context, facts, answer);
        InvocationMessages.BadResult(logger, facts.Function!, facts.RequestId, problem);
        return new ValueTask(Failure.OfResult.AnswerAsync(context, facts));
    }
}
