using System.Collections.Concurrent;
using System.Diagnostics;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Operation.Telemetry;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>How a trace goes through the gateway.</summary>
[Collection(ProcessWide.Name)]
public sealed class TracingTests : IAsyncLifetime
{
    private const string Trace = "5759e988bd862e3fe1be46a994272793", Span = "53995c3f42cd8ad8", Root = "Root=1-5759e988-bd862e3fe1be46a994272793";

    private readonly ConcurrentQueue<Activity> _spans = new();
    private PipelineHost _host = null!;
    private string? _sent;

    public async ValueTask InitializeAsync() => _host = await PipelineHost.StartAsync(new GatewayConfiguration { Operation = PipelineHost.Quiet }, context =>
    {
        RequestFacts facts = RequestFacts.Of(context);
        using Activity? span = GatewayTracing.StartInvoke(facts, "products");
        _sent = facts.TraceHeader;
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == GatewayTracing.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private async Task AskAsync(params (string, string)[] headers) => (await _host.SendAsync("GET", "/", headers)).Dispose();

    [Fact]
    public async Task Without_a_listener_the_trace_that_came_is_handed_on()
    {
        await AskAsync(("traceparent", $"00-{Trace}-{Span}-01"));
        Assert.Equal($"{Root};Parent={Span};Sampled=1", _sent);
        Assert.Equal(Trace, _host.Last!.TraceId);
        await AskAsync(("X-Amzn-Trace-Id", $"{Root};Lineage=a:1"), ("traceparent", $"00-11111111111111111111111111111111-{Span}-01"));
        Assert.Equal($"{Root};Lineage=a:1", _sent);
        await AskAsync(("X-Amzn-Trace-Id", "nonsense"));
        Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$", _sent);
        Assert.Equal(_sent![7..15] + _sent[16..], _host.Last!.TraceId);
        await AskAsync();
        Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$", _sent);
        Assert.Empty(_spans);
    }

    [Fact]
    public async Task With_a_listener_the_invocation_is_the_parent_of_what_the_function_does()
    {
        using ActivityListener listener = Listen();
        await AskAsync(("traceparent", $"00-{Trace}-{Span}-01"), ("tracestate", "vendor=1"));
        await Eventually.IsTrueAsync(() => _spans.Count == 2);
        Activity invoke = _spans.Single(static span => span.Kind == ActivityKind.Client), request = _spans.Single(static span => span.Kind == ActivityKind.Server);
        Assert.Equal((Trace, Span, "vendor=1"), (request.TraceId.ToHexString(), request.ParentSpanId.ToHexString(), request.TraceStateString));
        Assert.Equal((Trace, request.SpanId), (invoke.TraceId.ToHexString(), invoke.ParentSpanId));
        Assert.Equal($"{Root};Parent={invoke.SpanId.ToHexString()};Sampled=1", _sent);
        Assert.Equal(("$default", 200), ((string?)request.GetTagItem("http.route"), (int?)request.GetTagItem("http.response.status_code")));
        Assert.Equal("products", invoke.GetTagItem("faas.invoked_name"));
        Assert.DoesNotContain(request.TagObjects, static tag => tag.Key.Contains("query", StringComparison.Ordinal) || tag.Key.Contains("header", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_listener_an_X_Ray_trace_goes_on_as_it_is()
    {
        using ActivityListener listener = Listen();
        await AskAsync(("X-Amzn-Trace-Id", $"{Root};Parent={Span};Sampled=1;Lineage=a:1"));
        await Eventually.IsTrueAsync(() => _spans.Count == 2);
        Activity invoke = _spans.Single(static span => span.Kind == ActivityKind.Client), request = _spans.Single(static span => span.Kind == ActivityKind.Server);
        Assert.Equal((Trace, Span), (request.TraceId.ToHexString(), request.ParentSpanId.ToHexString()));
        Assert.Equal($"{Root};Lineage=a:1;Parent={invoke.SpanId.ToHexString()};Sampled=1", _sent);
    }
}
