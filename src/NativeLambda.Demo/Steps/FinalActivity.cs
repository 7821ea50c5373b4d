using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Demo.Steps;

/// <summary>What the frozen fleet looks like from the server.</summary>
internal sealed class FinalActivity : IStep
{
    private const int QueryWidth = 44;

    public string Title => "The frozen fleet in pg_stat_activity, and what Lambda would bill";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        IReadOnlyList<EnvironmentSnapshot> environments = await stage.FrozenAsync(cancellation);
        IReadOnlyList<Backend> backends = await stage.Control.BackendsAsync(cancellation);
        int width = backends.Select(static backend => backend.Application.Length).Append("application".Length).Max();
        narrator.Say($"    pid  {"application".PadRight(width)}  role          state   age      locks  TLS      last statement");
        foreach (Backend backend in backends)
        {
            narrator.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{backend.Pid,7}  {backend.Application.PadRight(width)}  {backend.Role,-12}  {backend.State,-6}  {backend.Age.TotalSeconds,5:0.0} s  {backend.Locks,5}  {backend.Tls.Split(' ')[0],-7}  {OneLine(backend.Query)}"));
        }

        string[] reports = [.. stage.Lambda.LogLines.Select(static line => line.Text).Where(static text => text.StartsWith("REPORT ", StringComparison.Ordinal))];
        narrator.Fact("invocations", $"{reports.Length}; the first and the last REPORT line:");
        foreach (string report in new[] { reports[0], reports[^1] }) narrator.Say($"  {report.Replace("\t", "  ", StringComparison.Ordinal).TrimEnd()}");
        TimeSpan[] inits = [.. environments.Select(static environment => environment.InitDuration ?? default)];
        narrator.Fact("Init Duration", $"of {inits.Length}: fastest {Figures.Milliseconds(inits.Min())}, p50 {Figures.Milliseconds(Figures.Median(inits))}, slowest {Figures.Milliseconds(inits.Max())}");

        narrator.Claim("every environment has started its process once", "1", string.Join(' ', environments.Select(static environment => environment.ProcessesStarted).Distinct()));
        narrator.Claim("every backend is idle, none in a transaction", "idle", string.Join(", ", backends.Select(static backend => backend.State).Distinct()));
        narrator.Claim("none holds a lock while its owner is frozen", 0, backends.Sum(static backend => backend.Locks));
        narrator.Claim("every one is encrypted", 0, backends.Count(static backend => backend.Tls.Length == 0));
    }

    private static string OneLine(string query)
    {
        string line = string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= QueryWidth ? line : line[..(QueryWidth - 3)] + "...";
    }
}
