using System.Globalization;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Environments;

/// <summary>What one environment writes into the function's log: the platform's lines in Lambda's words, and the function's own.</summary>
internal sealed class EnvironmentLog(string environmentId, FunctionLog log, TimeProvider time)
{
    private LogTail? _tail;

    public void WriteOutput(string line) => Write(LogSource.StandardOutput, line);

    public void WriteError(string line) => Write(LogSource.StandardError, line);

    public void Write(string line) => Write(LogSource.Platform, line);

    /// <summary>From here on the lines belong to the invocation.</summary>
    public void WriteStart(PendingInvocation invocation)
    {
        Volatile.Write(ref _tail, invocation.Tail);
        Write($"START RequestId: {invocation.RequestId} Version: {FunctionSettings.Version}");
    }

    public void WriteFailure(string requestId, string text, string errorType)
    {
        Write($"RequestId: {requestId} Error: {text}");
        Write(errorType);
    }

    public void WriteTimeout(string requestId, TimeSpan timeout) => Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {requestId} Task timed out after {timeout.TotalSeconds:F2} seconds"));

    /// <summary>The last two lines of the invocation.</summary>
    public void WriteEnd(ReportLine report)
    {
        Write($"END RequestId: {report.RequestId}");
        Write(report.ToString());
        Volatile.Write(ref _tail, null);
    }

    public void WriteInitReport(TimeSpan duration, InitPhase phase, InitFailure failure)
    {
        string phaseName = phase == InitPhase.Init ? "init" : "invoke";
        string errorType = failure.Status == "error" ? $"Error Type: {failure.ErrorType}\t" : "";
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"INIT_REPORT Init Duration: {duration.TotalMilliseconds:F2} ms\tPhase: {phaseName}\tStatus: {failure.Status}\t{errorType}"));
    }

    private void Write(LogSource source, string text)
    {
        log.Write(environmentId, source, text);
        Volatile.Read(ref _tail)?.Append(text);
    }
}
