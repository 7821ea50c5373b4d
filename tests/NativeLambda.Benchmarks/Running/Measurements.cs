using NativeLambda.Reporting.Statistics;

namespace NativeLambda.Benchmarks.Running;

/// <summary>The samples of a run, by function and metric, and what could not be measured.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<(string Contender, string Metric), List<double>> _samples = [];
    private readonly List<(string Title, string Section, string Reason)> _failures = [];

    /// <summary>What could not be measured, and why.</summary>
    public IReadOnlyList<(string Title, string Section, string Reason)> Failures => _failures;

    /// <summary>All metrics of a function that have a sample.</summary>
    public IEnumerable<string> MetricsOf(string contender) => _samples.Keys.Where(key => key.Contender == contender).Select(static key => key.Metric);

    /// <summary>The samples; nothing where there are none.</summary>
    public Distribution? this[string contender, string metric] =>
        _samples.TryGetValue((contender, metric), out List<double>? samples) ? new Distribution(samples) : null;

    /// <summary>The samples in the order in which they were taken.</summary>
    public IReadOnlyList<double> Raw(string contender, string metric) => _samples.GetValueOrDefault((contender, metric)) ?? [];

    /// <summary>Adds a sample.</summary>
    public void Add(string contender, string metric, double value)
    {
        if (!_samples.TryGetValue((contender, metric), out List<double>? samples)) _samples.Add((contender, metric), samples = []);
        samples.Add(value);
    }

    /// <summary>Notes that a function could not be measured.</summary>
    public void Fail(string title, string section, string reason) => _failures.Add((title, section, reason));
}
