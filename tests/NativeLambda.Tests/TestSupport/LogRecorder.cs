using System.Text;
using NativeLambda.Telemetry;

namespace NativeLambda.Tests.TestSupport;

/// <summary>A log that keeps its lines.</summary>
internal sealed class LogRecorder : IDisposable
{
    private readonly MemoryStream _output = new();

    public LogRecorder(TimeProvider time, LogLevel from = LogLevel.Debug, bool json = false) => Log = new LambdaLog(_output, time, json, from);

    public LambdaLog Log { get; }

    public string Text => Encoding.UTF8.GetString(_output.ToArray());

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => _output.Dispose();
}
