using System.Diagnostics;
using NativeLambda.Gateway.Invocation;
using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Operation.Telemetry;

namespace NativeLambda.Gateway.Operation.Requests;

/// <summary>
/// The outermost step: gives the request its name, answers what went wrong beyond all plans, and tells the log, the metrics and the trace
/// at its end how it went.
/// </summary>
internal sealed class RequestObserver(RequestDelegate next, RequestObserverServices services)
{
    /// <summary>The status, in the log alone, of a request whose client went away before it had one.</summary>
    public const int ClientGone = 499;

    private readonly TimeProvider _time = services.Time;
    private readonly AccessLog? _log = services.Log;
    private readonly GatewayMetrics _metrics = services.Metrics;
    private readonly DrainState _drain = services.Drain;
    private readonly ILogger _logger = services.Logger;

    public async Task InvokeAsync(HttpContext context)
    {
        var facts = new RequestFacts(RequestIds.Next(), _time.GetUtcNow(), _time.GetTimestamp());
        context.Features.Set(facts);
        // Its name at API Gateway.
        context.Response.Headers["apigw-requestid"] = facts.RequestId;
        // Clients of a gateway that is ending are to come back to another one. HTTP/2 has GOAWAY for that.
        if (_drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
        using Activity? span = GatewayTracing.StartRequest(context, facts);
        int? status = null;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            facts.Error ??= Failure.ClientGone;
        }
        catch (BrokenResponseException)
        {
            // The server sends what was written and then ends the connection without ending the response: so the client learns of it.
            Finish(context, facts, span, context.Response.StatusCode);
            throw;
        }
        catch (BadHttpRequestException exception)
        {
            facts.Error ??= "bad_request";
            await AnswerAsync(context, exception.StatusCode);
        }
#pragma warning disable CA1031 // The last line of defence: it is logged, counted and answered.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            facts.Error = "internal";
            RequestMessages.Unexpected(_logger, exception, facts.RequestId);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError);
        }
        if (context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted) status = ClientGone;
        if (_drain.IsCut && facts.Error == Failure.ClientGone)
        {
            facts.Error = Failure.CutOff;
            if (status == ClientGone) status = StatusCodes.Status503ServiceUnavailable;
        }
        Finish(context, facts, span, status ?? context.Response.StatusCode);
    }

    private void Finish(HttpContext context, RequestFacts facts, Activity? span, int status)
    {
        if (facts.BytesOut == 0 && !HttpMethods.IsHead(context.Request.Method)) facts.BytesOut = context.Response.ContentLength ?? 0;
        TimeSpan duration = _time.GetElapsedTime(facts.Timestamp);
        _metrics.Record(facts, status, duration);
        _log?.Write(context, facts, status, duration);
        if (span is not null) GatewayTracing.Finish(span, context, facts, status);
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        if (!context.Response.HasStarted) return GatewayAnswer.WriteAsync(context, status);
        context.Abort(); // what was sent cannot be taken back: that it is not whole must be seen
        return Task.CompletedTask;
    }
}
