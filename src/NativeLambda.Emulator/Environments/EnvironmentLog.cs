using System.Globalization;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Environments;

/// <summary>What one environment writes into the function's log: the platform's lines in Lambda's words or records, and the function's own.</summary>
internal sealed class EnvironmentLog(string environmentId, FunctionSettings function, FunctionLog log, TimeProvider time)
{
    private LogTail? _tail;

    public void WriteOutput(string line) => Write(LogSource.StandardOutput, line);

    public void WriteError(string line) => Write(LogSource.StandardError, line);

    /// <summary>A remark of the emulator's own, which Lambda does not have: a text in either format.</summary>
    public void Write(string line) => Write(LogSource.Platform, line);

    public void Write(PlatformEvent told)
    {
        bool isJson = function.LogFormat == LogFormat.Json;
        if (isJson && told.Level < function.SystemLogLevel) return;
        if ((isJson ? told.ToJson(time.GetUtcNow()) : told.Text) is { } line) Write(LogSource.Platform, line, told);
    }

    /// <summary>From here on the lines belong to the invocation.</summary>
    public void WriteStart(PendingInvocation invocation)
    {
        Volatile.Write(ref _tail, invocation.Tail);
        Write(new InvocationStarted(invocation.RequestId, FunctionSettings.Version));
    }

    public void WriteFailure(string requestId, string text, string errorType)
    {
        Write(new Fault(requestId, text));
        if (function.LogFormat == LogFormat.Text) Write(errorType); // the report's record has it
    }

    /// <summary>Lambda's line of a timeout; among records their status says it.</summary>
    public void WriteTimeout(string requestId, TimeSpan timeout)
    {
        if (function.LogFormat == LogFormat.Json) return;
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {requestId} Task timed out after {timeout.TotalSeconds:F2} seconds"));
    }

    /// <summary>The last two lines of the invocation.</summary>
    public void WriteEnd(ReportLine report)
    {
        Write(new RuntimeDone(report));
        Write(report);
        Volatile.Write(ref _tail, null);
    }

    private void Write(LogSource source, string text, PlatformEvent? told = null)
    {
        log.Write(environmentId, source, text, told);
        Volatile.Read(ref _tail)?.Append(text);
    }
}
