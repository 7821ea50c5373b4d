using System.Buffers;
using System.Text.Json;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>The JSON of the feed: short, for 300 environments may change ten times a second.</summary>
/// <remarks>docs/emulator.md describes it. Times are milliseconds of the Unix epoch, durations milliseconds.</remarks>
internal static class FeedWriter
{
    /// <summary>How much of a log line is sent; a function may write megabytes without a line feed.</summary>
    private const int MaxLineLength = 1000;

    private static readonly string[] PhaseNames = [.. Enum.GetNames<Phase>().Select(static name => name.ToLowerInvariant())];

    /// <summary>What was told last; after writing, what is told now.</summary>
    /// <param name="FleetVersion">Of the environments.</param>
    /// <param name="LogNumber">Of the log's last line.</param>
    /// <param name="Figures">The figures as they were told; null when they are not to be told now.</param>
    internal record struct Changes(long FleetVersion, long LogNumber, byte[]? Figures);

    public static void WriteSnapshot(IBufferWriter<byte> output, FeedState state)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("now", state.Time.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteString("freezeMethod", state.Target!.FreezeMethod.ToString());
        json.WriteStartArray("functions");
        foreach (DashboardFunction function in state.Target.Functions)
        {
            json.WriteStartObject();
            json.WriteString("name", function.Name);
            json.WriteNumber("memoryMb", function.MemorySizeMb);
            json.WriteNumber("timeoutMs", function.Timeout.TotalMilliseconds);
            json.WriteNumber("maxConcurrency", function.MaxConcurrency);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("environments");
        state.Fleet.Read(0, environment => WriteEnvironment(json, environment, since: 0), static _ => { });
        json.WriteEndArray();
        WriteLog(json, state.Log.After(0));
        json.WritePropertyName("figures");
        json.WriteRawValue(Figures(state));
        json.WriteEndObject();
    }

    /// <returns>The event; nothing when there is no news.</returns>
    public static byte[]? WriteChanges(FeedState state, ref Changes changes)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(output);
        bool news = false;
        long since = changes.FleetVersion;
        List<string>? gone = null;
        json.WriteStartObject();
        json.WriteNumber("now", state.Time.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteStartArray("environments");
        changes.FleetVersion = state.Fleet.Read(
            since,
            environment =>
            {
                news = true;
                WriteEnvironment(json, environment, since);
            },
            id => (gone ??= []).Add(id));
        json.WriteEndArray();
        if (gone is not null)
        {
            news = true;
            json.WriteStartArray("gone");
            foreach (string id in gone) json.WriteStringValue(id);
            json.WriteEndArray();
        }
        IReadOnlyList<(long Number, LogLine Line)> lines = state.Log.After(changes.LogNumber);
        if (lines.Count > 0)
        {
            news = true;
            WriteLog(json, lines);
            changes.LogNumber = lines[^1].Number;
        }
        if (changes.Figures is { } told)
        {
            byte[] figures = Figures(state);
            if (!figures.AsSpan().SequenceEqual(told))
            {
                news = true;
                json.WritePropertyName("figures");
                json.WriteRawValue(figures);
                changes.Figures = figures;
            }
        }
        json.WriteEndObject();
        json.Flush();
        return news ? output.WrittenSpan.ToArray() : null;
    }

    private static void WriteEnvironment(Utf8JsonWriter json, TrackedEnvironment environment, long since)
    {
        json.WriteStartObject();
        json.WriteString("id", environment.Snapshot.Id);
        json.WriteString("function", environment.Function);
        json.WriteString("phase", PhaseNames[(int)environment.Phase]);
        if (environment.Snapshot.ProcessId is { } process) json.WriteNumber("pid", process);
        json.WriteNumber("processes", environment.Snapshot.ProcessesStarted);
        json.WriteNumber("invocations", environment.Snapshot.Invocations);
        WriteDuration(json, "initMs", environment.Snapshot.InitDuration);
        WriteDuration(json, "lastMs", environment.Snapshot.LastDuration);
        if (environment.Snapshot.LastRequestId is { } request) json.WriteString("request", request);
        if (environment.BackendPid is { } backend) json.WriteNumber("backend", backend);
        if (environment.BackendLost) json.WriteBoolean("backendLost", true);
        json.WriteNumber("reopens", environment.Reopens);
        json.WriteStartArray("spans");
        foreach (PhaseSpan span in environment.Spans)
        {
            if (span.Version <= since) continue;
            json.WriteStartArray();
            json.WriteStringValue(PhaseNames[(int)span.Phase]);
            json.WriteNumberValue(span.StartUnixMs);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLog(Utf8JsonWriter json, IReadOnlyList<(long Number, LogLine Line)> lines)
    {
        json.WriteStartArray("log");
        foreach ((long number, LogLine line) in lines)
        {
            json.WriteStartObject();
            json.WriteNumber("n", number);
            json.WriteNumber("time", line.Time.ToUnixTimeMilliseconds());
            json.WriteString("environment", line.EnvironmentId);
            json.WriteString("source", line.Source switch { LogSource.Platform => "platform", LogSource.StandardOutput => "out", _ => "err" });
            json.WriteString("text", Shorten(line.Text));
            WriteReport(json, line.Event);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The figures of a report, in whichever format its line is.</summary>
    private static void WriteReport(Utf8JsonWriter json, PlatformEvent? told)
    {
        if (told is ReportLine report)
        {
            json.WriteStartObject("report");
            json.WriteNumber("duration", Math.Round(report.Duration.TotalMilliseconds, 2));
            json.WriteNumber("billed", report.BilledMs);
            json.WriteNumber("memory", report.MaxMemoryUsedMb);
            if (report.InitDuration is { } init) json.WriteNumber("init", Math.Round(init.TotalMilliseconds, 2));
            WriteFailure(json, report.Status, report.ErrorType);
            json.WriteEndObject();
        }
        else if (told is InitReport { IsFailure: true } failed)
        {
            json.WriteStartObject("report");
            json.WriteNumber("init", Math.Round(failed.Duration.TotalMilliseconds, 2));
            WriteFailure(json, failed.Status, failed.ErrorType);
            json.WriteEndObject();
        }
    }

    private static void WriteFailure(Utf8JsonWriter json, string? status, string? errorType)
    {
        if (status is not null) json.WriteString("status", status);
        if (errorType is not null) json.WriteString("errorType", Shorten(errorType));
    }

    private static string Shorten(string text)
    {
        if (text.Length <= MaxLineLength) return text;
        // Not through the middle of a surrogate pair.
        return text[..(char.IsHighSurrogate(text[MaxLineLength - 1]) ? MaxLineLength - 1 : MaxLineLength)] + "…";
    }

    private static byte[] Figures(FeedState state)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteMetrics(json, "all", state.Metrics.Read());
        IReadOnlyList<DashboardFunction> functions = state.Target!.Functions;
        if (functions.Count > 1)
        {
            json.WriteStartObject("functions");
            foreach (DashboardFunction function in functions) WriteMetrics(json, function.Name, state.Metrics.Read(function.Name));
            json.WriteEndObject();
        }
        if (state.Database() is { } database)
        {
            json.WriteStartObject("database");
            json.WriteString("state", database.State);
            json.WriteNumber("connections", database.Connections);
            json.WriteNumber("maxConnections", database.MaxConnections);
            json.WriteNumber("reserved", database.Reserved);
            json.WriteNumber("foreign", database.Foreign);
            json.WriteBoolean("canRestart", database.CanRestart);
            json.WriteEndObject();
        }
        if (state.Network() is { } network)
        {
            json.WriteStartObject("network");
            json.WriteBoolean("dropped", network.Dropped);
            json.WriteNumber("flows", network.Flows);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteMetrics(Utf8JsonWriter json, string name, MetricsReading metrics)
    {
        json.WriteStartObject(name);
        json.WriteNumber("perSecond", Math.Round(metrics.PerSecond, 1));
        WriteDuration(json, "p50Ms", metrics.P50);
        WriteDuration(json, "p99Ms", metrics.P99);
        json.WriteNumber("recent", metrics.RecentInvocations);
        json.WriteNumber("recentColdStarts", metrics.RecentColdStarts);
        json.WriteNumber("invocations", metrics.Invocations);
        json.WriteNumber("coldStarts", metrics.ColdStarts);
        json.WriteNumber("failures", metrics.Failures);
        json.WriteEndObject();
    }

    private static void WriteDuration(Utf8JsonWriter json, string name, TimeSpan? duration)
    {
        if (duration is { } value) json.WriteNumber(name, Math.Round(value.TotalMilliseconds, 2));
    }
}
