using System.Globalization;
using NativeLambda.Trials.Soak.Judging;
using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>Where answers are judged as they come, and violations are told with what was around them.</summary>
internal sealed class Bench(FaultWindows windows, TextWriter output)
{
    /// <summary>More than these are counted, but not told at length.</summary>
    private const int Told = 20;

    private const int LinesTold = 40;

    private readonly Lock _lock = new();
    private readonly List<Violation> _violations = [];

    public Tally Tally { get; } = new();

    public FunctionLogWatch? Log { get; set; }

    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_lock)
                return [.. _violations];
        }
    }

    public void Hear(PlannedOperation operation, Answer answer)
    {
        IReadOnlyList<FaultWindow> overlapping = windows.Overlapping(answer.Start, answer.End);
        Tally.Add(answer, isQuiet: overlapping.All(window => window.Kind is FaultKind.Lull));
        if (AnswerJudge.Judge(operation.Kind, answer, overlapping) is { } wrong)
        {
            Add(new Violation(
                $"{operation.Kind} {operation.Client}/{operation.Index} of {operation.ProductId} {wrong}: {answer.Detail}",
                answer.RequestId, answer.Start, answer.End));
        }
    }

    public void Add(Violation violation)
    {
        lock (_lock)
        {
            _violations.Add(violation);
            if (_violations.Count > Told)
                return;
            output.WriteLine($"VIOLATION: {violation.What}");
            if (violation.RequestId is null)
                return;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  request {violation.RequestId} from {violation.Start.TotalSeconds:0.000} to {violation.End.TotalSeconds:0.000} s in environment {Log?.EnvironmentOf(violation.RequestId)}"));
            foreach (FaultWindow window in windows.Overlapping(violation.Start - TimeSpan.FromSeconds(10), violation.End))
                output.WriteLine($"  fault {window.Kind} from {Seconds(window.Start)} to {Seconds(window.End)}");
            foreach (string line in Log?.Around(violation.RequestId, LinesTold) ?? [])
                output.WriteLine($"  | {line}");
        }
    }

    private static string Seconds(TimeSpan time) =>
        time == TimeSpan.MaxValue ? "now" : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");
}
