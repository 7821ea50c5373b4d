using System.Text.Json;
using System.Text.Json.Serialization;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Cli;

/// <summary>For programs: one JSON object a line, each with <c>time</c> and <c>event</c>.</summary>
internal sealed class JsonConsole(TextWriter output) : IConsole
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Function, EnvironmentSnapshot Snapshot)> _known = [];

    public void Write(LogLine line)
    {
        string? function = line.FunctionName.Length > 0 ? line.FunctionName : null, environment = line.EnvironmentId.Length > 0 ? line.EnvironmentId : null;
        string source = line.Source switch { LogSource.Platform => "platform", LogSource.StandardOutput => "stdout", _ => "stderr" };
        Emit(new { line.Time, Event = "log", function, environment, source, line.Text });
        if (line.Event is InvocationStarted started) Emit(new { line.Time, Event = "invocation", function, environment, started.RequestId });
        if (line.Event is ReportLine report) Emit(new { line.Time, Event = "report", function, environment, Report = Figures(report) });
    }

    public void Tell(string message) => Emit(new { Time = TimeProvider.System.GetUtcNow(), Event = "message", Text = message });

    public void Progress(string message) => Tell(message);

    public async Task ShowAsync(LocalLambda lambda, LocalLambdaOptions options, CancellationToken end)
    {
        Emit(new
        {
            Time = TimeProvider.System.GetUtcNow(),
            Event = "started",
            InvokeEndpoint = lambda.InvokeEndpoint,
            Dashboard = lambda.DashboardUrl,
            Freeze = lambda.FreezeMethod.ToString(),
            Functions = lambda.Functions.Select(static function => new { function.Name, function.Arn, function.Url }),
        });
        try
        {
            // A condition that never holds is called at every change until the end.
            await lambda.WaitUntilAsync(_ => { Compare(lambda.Functions); return false; }, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Emit(new { Time = TimeProvider.System.GetUtcNow(), Event = "ending" });
        }
    }

    /// <summary>Tells of environments whose phase or process is another than before.</summary>
    private void Compare(IReadOnlyList<FunctionHost> functions)
    {
        var seen = new HashSet<string>();
        foreach (FunctionHost function in functions)
        {
            foreach (EnvironmentSnapshot now in function.Environments)
            {
                seen.Add(now.Id);
                bool same = _known.TryGetValue(now.Id, out var before) && before.Snapshot.State == now.State && before.Snapshot.ProcessId == now.ProcessId;
                _known[now.Id] = (function.Name, now);
                if (!same) Emit(function.Name, now);
            }
        }
        foreach ((string id, (string function, EnvironmentSnapshot last)) in _known.Where(known => !seen.Contains(known.Key)).ToArray())
        {
            _known.Remove(id);
            Emit(function, last with { State = EnvironmentState.Dead, ProcessId = null });
        }
    }

    private static object Figures(ReportLine report) => new
    {
        report.RequestId,
        DurationMs = Math.Round(report.Duration.TotalMilliseconds, 2),
        BilledDurationMs = report.BilledMs,
        report.MemorySizeMb,
        report.MaxMemoryUsedMb,
        InitDurationMs = report.InitDuration is { } init ? Math.Round(init.TotalMilliseconds, 2) : (double?)null,
        report.Status,
        report.ErrorType,
    };

    private void Emit(string function, EnvironmentSnapshot environment) => Emit(new
    {
        Time = TimeProvider.System.GetUtcNow(),
        Event = "environment",
        function,
        Environment = environment.Id,
        State = environment.State.ToString(),
        environment.ProcessId,
        environment.Invocations,
        InitMs = environment.InitDuration?.TotalMilliseconds,
        LastMs = environment.LastDuration?.TotalMilliseconds,
    });

    private void Emit<T>(T value)
    {
        string line = JsonSerializer.Serialize(value, Options);
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
