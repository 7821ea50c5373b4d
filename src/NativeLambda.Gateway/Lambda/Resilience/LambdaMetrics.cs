using System.Diagnostics.Metrics;

namespace NativeLambda.Gateway.Lambda.Resilience;

/// <summary>What is counted of the calls to Lambda.</summary>
internal sealed class LambdaMetrics : IDisposable
{
    public const string MeterName = "nativelambda.gateway.lambda";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _retries;
    private int _open;

    public LambdaMetrics()
    {
        _calls = _meter.CreateCounter<long>("nativelambda.gateway.lambda.calls", "{call}", "Calls of Lambda, by function and outcome.");
        _duration = _meter.CreateHistogram<double>("nativelambda.gateway.lambda.duration", "s", "How long calls of Lambda take, retries included, by outcome.");
        _retries = _meter.CreateCounter<long>("nativelambda.gateway.lambda.retries", "{retry}", "Attempts after the first one, by reason.");
        _meter.CreateObservableGauge("nativelambda.gateway.lambda.circuit_open", () => Volatile.Read(ref _open), description: "Whether calls fail at once because the endpoint fails.");
    }

    public void Called(string function, string outcome, TimeSpan duration)
    {
        if (_calls.Enabled) _calls.Add(1, new("function", function), new("outcome", outcome));
        if (_duration.Enabled) _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Retried(string reason) => _retries.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Whether calls fail at once because the endpoint fails.</summary>
    public bool IsCircuitOpen => Volatile.Read(ref _open) == 1;

    public void Circuit(bool open) => Volatile.Write(ref _open, open ? 1 : 0);

    public void Dispose() => _meter.Dispose();
}
