using System.Diagnostics;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Operation.Telemetry;

/// <summary>
/// The spans of a request and of its invocation, and the header that carries the trace on to Lambda. Where nobody listens there is no
/// span, and the header that came is handed on, or a trace begins.
/// </summary>
internal static class GatewayTracing
{
    public const string SourceName = "NativeLambda.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Reads what the request says of its trace, and begins its span where somebody listens.</summary>
    public static Activity? StartRequest(HttpContext context, RequestFacts facts)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool w3c = TraceHeader.TryParseW3C(Only(headers.TraceParent), out ActivityContext parent);
        string? given = Only(headers[TraceHeader.Name]);
        bool amazon = TraceHeader.TryParse(given, out ActivityTraceId trace, out ActivitySpanId span, out bool? sampled);
        facts.TraceHeader = amazon ? given : w3c ? TraceHeader.Write(parent.TraceId, parent.SpanId, parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)) : null;
        if (w3c) facts.TraceId = parent.TraceId.ToHexString();
        else if (amazon) facts.TraceId = trace.ToHexString();
        if (!Source.HasListeners()) return Begin(facts);
        if (!w3c && amazon) // as if it had been said in the other words; a trace without a parent gets one that nobody has
            parent = new ActivityContext(
                trace, span == default ? ActivitySpanId.CreateRandom() : span, sampled == false ? ActivityTraceFlags.None : ActivityTraceFlags.Recorded, null, isRemote: true);
        else if (w3c && Only(headers.TraceState) is { Length: <= 512 } state)
            parent = new ActivityContext(parent.TraceId, parent.SpanId, parent.TraceFlags, state, isRemote: true);
        Activity? activity = Source.StartActivity(context.Request.Method, ActivityKind.Server, parent);
        if (activity is null) return Begin(facts);
        facts.TraceId = activity.TraceId.ToHexString();
        facts.TraceHeader = amazon ? given : TraceHeader.Write(activity.TraceId, activity.SpanId, activity.Recorded);
        return activity;
    }

    /// <summary>
    /// Begins the span of an invocation where somebody listens; <see cref="RequestFacts.TraceHeader"/> then names it as the parent of what
    /// the function does. It ends when it is disposed of.
    /// </summary>
    public static Activity? StartInvoke(RequestFacts facts, string function)
    {
        Activity? activity = Source.HasListeners() ? Source.StartActivity("Invoke", ActivityKind.Client) : null;
        if (activity is null) return null;
        // Names of https://opentelemetry.io/docs/specs/semconv/.
        activity.SetTag("rpc.system", "aws-api");
        activity.SetTag("faas.invoked_provider", "aws");
        activity.SetTag("faas.invoked_name", function);
        facts.TraceHeader = TraceHeader.WithParent(facts.TraceHeader!, activity.SpanId, activity.Recorded);
        return activity;
    }

    /// <summary>Tells the request's span how it ended.</summary>
    public static void Finish(Activity activity, HttpContext context, RequestFacts facts, int status)
    {
        activity.DisplayName = facts.Route ?? context.Request.Method;
        if (!activity.IsAllDataRequested) return;
        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("http.response.status_code", status);
        activity.SetTag("url.scheme", context.Request.Scheme);
        if (facts.Route is not null) activity.SetTag("http.route", facts.Route);
        if (facts.Error is not null) activity.SetTag("error.type", facts.Error);
        if (status >= 500) activity.SetStatus(ActivityStatusCode.Error);
    }

    private static Activity? Begin(RequestFacts facts)
    {
        if (facts.TraceHeader is not null) return null;
        facts.TraceHeader = TraceHeader.Begin(facts.Time, out string id);
        facts.TraceId = id;
        return null;
    }

    private static string? Only(Microsoft.Extensions.Primitives.StringValues values) => values is [var value] ? value : null;
}
