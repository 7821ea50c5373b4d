using System.Diagnostics.Metrics;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Operation.Telemetry;

/// <summary>
/// The instruments of requests; those of calls to Lambda are in <see cref="Lambda.Resilience.LambdaMetrics"/>. One that nobody reads costs
/// a look at a field.
/// </summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "nativelambda.gateway";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly InstrumentAdvice<long> Bytes = new()
    {
        HistogramBucketBoundaries = [100, 1_000, 10_000, 100_000, 1_000_000, 6_291_556],
    };

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration, _upstream;
    private readonly Histogram<long> _requestBody, _responseBody, _event;
    private readonly Counter<long> _errors;

    public GatewayMetrics()
    {
        _duration = _meter.CreateHistogram("nativelambda.gateway.request.duration", "s", "How long requests took, by route and status.", advice: Seconds);
        _upstream = _meter.CreateHistogram("nativelambda.gateway.upstream.duration", "s", "How long Lambda took for them, with retries, by function.", advice: Seconds);
        _requestBody = _meter.CreateHistogram("nativelambda.gateway.request.body.size", "By", "The bodies of requests.", advice: Bytes);
        _responseBody = _meter.CreateHistogram("nativelambda.gateway.response.body.size", "By", "The bodies of responses.", advice: Bytes);
        _event = _meter.CreateHistogram("nativelambda.gateway.event.size", "By", "The events that functions were invoked with.", advice: Bytes);
        _errors = _meter.CreateCounter<long>("nativelambda.gateway.errors", "{request}", "Requests that got no answer of a function, by reason.");
    }

    /// <summary>Shows a number that is asked for when somebody reads it.</summary>
    public void Observe<T>(string name, string? unit, string description, Func<IEnumerable<Measurement<T>>> read) where T : struct =>
        _meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>A request is done.</summary>
    public void Record(RequestFacts facts, int status, TimeSpan duration)
    {
        // Routes are those of the configuration: no client can make new ones up.
        var route = new KeyValuePair<string, object?>("route", facts.Route ?? "none");
        if (_duration.Enabled) _duration.Record(duration.TotalSeconds, route, new KeyValuePair<string, object?>("status", status));
        if (_requestBody.Enabled) _requestBody.Record(facts.BytesIn, route);
        if (_responseBody.Enabled) _responseBody.Record(facts.BytesOut, route);
        if (facts.Error is not null) _errors.Add(1, route, new KeyValuePair<string, object?>("reason", facts.Error));
        if (facts.Function is null) return;
        var function = new KeyValuePair<string, object?>("function", facts.Function);
        if (facts.Upstream is { } upstream && _upstream.Enabled) _upstream.Record(upstream.TotalSeconds, function);
        if (facts.EventBytes > 0 && _event.Enabled) _event.Record(facts.EventBytes, function);
    }

    public void Dispose() => _meter.Dispose();
}
