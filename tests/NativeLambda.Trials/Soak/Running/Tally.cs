using System.Globalization;
using NativeLambda.Trials.Soak.Judging;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>What is counted while the trial runs.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _answers = new(StringComparer.Ordinal);
    private readonly LatencyHistogram _all = new();
    private readonly LatencyHistogram _quiet = new();
    private long _requests;
    private long _repeats;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>How often a client has sent a write with a key again.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>How many answers there were of each status, or kind of error.</summary>
    public IReadOnlyDictionary<string, long> Answers
    {
        get
        {
            lock (_lock)
                return new SortedDictionary<string, long>(_answers, StringComparer.Ordinal);
        }
    }

    public void Add(Answer answer, bool isQuiet)
    {
        lock (_lock)
        {
            _requests++;
            _answers[answer.ToString()] = _answers.GetValueOrDefault(answer.ToString()) + 1;
            _all.Add(answer.Took);
            if (isQuiet)
                _quiet.Add(answer.Took);
        }
    }

    public void AddRepeat() => Interlocked.Increment(ref _repeats);

    /// <summary>The time to the answer that a share of all requests stays below, in ms.</summary>
    /// <param name="share">0.5 for the median.</param>
    /// <param name="quietOnly">Without those that were under way during a fault.</param>
    public double Latency(double share, bool quietOnly)
    {
        lock (_lock)
            return (quietOnly ? _quiet : _all).Quantile(share);
    }

    public override string ToString() =>
        string.Join(", ", Answers.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Key} × {answer.Value}")));
}
