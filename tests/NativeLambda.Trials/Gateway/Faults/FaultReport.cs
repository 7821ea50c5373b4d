using System.Globalization;
using System.Text;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>Tells of the trial.</summary>
internal static class FaultReport
{
    private const int MaxViolations = 20;

    public static string Write(FaultOptions options, FaultResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Total} of {options.Requests} requests answered, seed {options.Seed}, {options.Clients} clients, Lambda killed {options.Kills} times");
        foreach (FaultKind kind in FaultKinds.All)
        {
            IEnumerable<string> counts = result.Answers.Where(entry => entry.Key.Kind == kind).OrderBy(static entry => entry.Key.Status).Select(static entry => $"{NameOf(entry.Key.Status)} × {entry.Value}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {kind,-14} {string.Join(", ", counts)}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"after {options.WarmAfter} requests: {result.Warm}, {result.WarmHeap}");
        text.AppendLine(CultureInfo.InvariantCulture, $"at the end: {result.End}, {result.EndHeap}");
        foreach (string violation in result.Violations.Take(MaxViolations)) text.AppendLine(CultureInfo.InvariantCulture, $"VIOLATION: {violation}");
        text.Append(CultureInfo.InvariantCulture, $"{result.Violations.Count} violations");
        return text.ToString();
    }

    private static string NameOf(int status) => status switch
    {
        0 => "gone",
        -1 => "broken off",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };
}
