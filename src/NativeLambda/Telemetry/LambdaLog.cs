using NativeLambda.Runtime;

namespace NativeLambda.Telemetry;

/// <summary>
/// The log of the environment: one line a record, to standard output, as JSON or as text after <c>AWS_LAMBDA_LOG_FORMAT</c>,
/// from <c>AWS_LAMBDA_LOG_LEVEL</c> on.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Lambda, log formats</see>.
/// It writes to the stream itself: <see cref="Console"/>'s writer, encodings and locks cost cold start.
/// </remarks>
public sealed class LambdaLog
{
    private readonly Stream _output;
    private readonly TimeProvider _time;
    private readonly bool _json;
    private readonly LogLevel _from;
    private readonly Lock _lock = new();
    private readonly LogLine _line;
    private readonly List<(string RequestId, string TraceId)> _traces = [];

    internal LambdaLog(Stream output, TimeProvider time, bool json, LogLevel from)
    {
        _output = output;
        _time = time;
        _json = json;
        _from = from;
        _line = new LogLine(json);
    }

    /// <summary>The log that the environment variables ask for. Text and <see cref="LogLevel.Info"/> where they ask for nothing; always JSON on Lambda Managed Instances, which take nothing else.</summary>
    /// <param name="time">The clock of the records.</param>
    internal static LambdaLog FromEnvironment(TimeProvider time) => new(
        Console.OpenStandardOutput(),
        time,
        string.Equals(Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_FORMAT"), "JSON", StringComparison.OrdinalIgnoreCase)
            || LaneCount.IsMany(Environment.GetEnvironmentVariable),
        Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL")?.ToUpperInvariant() switch
        {
            "TRACE" or "DEBUG" => LogLevel.Debug,
            "WARN" => LogLevel.Warn,
            "ERROR" or "FATAL" => LogLevel.Error,
            _ => LogLevel.Info,
        });

    /// <summary>Whether a record of this level is written.</summary>
    /// <param name="level">The level of the record.</param>
    public bool IsEnabled(LogLevel level) => level >= _from;

    /// <summary>Writes one record.</summary>
    /// <param name="level">How serious it is.</param>
    /// <param name="message">What happened. Without secrets.</param>
    /// <param name="requestId">The invocation that it belongs to, if any.</param>
    /// <param name="exception">What was thrown, if anything: its type, message and stack trace go to the log, and only there.</param>
    public void Write(LogLevel level, string message, string? requestId = null, Exception? exception = null) =>
        Write(new Words(level, message, exception), requestId);

    /// <summary>Writes one record, if its level is written.</summary>
    internal void Write<TRecord>(in TRecord record, string? requestId = null)
        where TRecord : struct, ILogRecord
    {
        if (!IsEnabled(record.Level))
            return;

        // One write a record, so that records of several threads do not mix.
        lock (_lock)
        {
            _line.Clear();
            if (_json)
                WriteJson(record, requestId);
            else
                WriteText(record, requestId);
            _line.Raw("\n"u8);
            _output.Write(_line.Written);
            _output.Flush();
        }
    }

    /// <summary>Writes a line that is none of the log, such as one of metrics. With its end.</summary>
    internal void WriteLine(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            _output.Write(line);
            _output.Flush();
        }
    }

    /// <summary>An invocation begins: its JSON records name its trace, until <see cref="End"/>.</summary>
    /// <param name="requestId">The invocation.</param>
    /// <param name="traceId">The X-Ray trace header, as Amazon's own runtime for .NET has it in <c>traceId</c>.</param>
    internal void Begin(string requestId, string? traceId)
    {
        if (!_json || traceId is null)
            return;
        lock (_lock)
            _traces.Add((requestId, traceId));
    }

    /// <summary>An invocation is over.</summary>
    internal void End(string requestId)
    {
        if (!_json)
            return;
        lock (_lock)
        {
            int index = Find(requestId);
            if (index >= 0)
                _traces.RemoveAt(index);
        }
    }

    private void WriteText<TRecord>(in TRecord record, string? requestId)
        where TRecord : struct, ILogRecord
    {
        _line.Moment(_time.GetUtcNow());
        _line.Raw(" "u8);
        _line.Text(requestId ?? "-");
        _line.Raw(" "u8);
        _line.Raw(Name(record.Level));
        _line.Raw(" "u8);
        record.WriteMessage(_line);
    }

    /// <remarks>
    /// The names are those of Amazon's own runtime for .NET, so that one query reads the functions of either. Source:
    /// <see href="https://github.com/aws/aws-lambda-dotnet/blob/master/Libraries/src/Amazon.Lambda.RuntimeSupport/Helpers/Logging/JsonLogMessageFormatter.cs">its formatter</see>.
    /// </remarks>
    private void WriteJson<TRecord>(in TRecord record, string? requestId)
        where TRecord : struct, ILogRecord
    {
        _line.Raw("{\"timestamp\":\""u8);
        _line.Moment(_time.GetUtcNow());
        _line.Raw("\""u8);
        _line.Member("level"u8, Name(record.Level));
        if (requestId is not null)
        {
            _line.Member("requestId"u8, requestId);
            if (Find(requestId) is >= 0 and int index)
                _line.Member("traceId"u8, _traces[index].TraceId);
        }

        _line.Name("message"u8);
        _line.Raw("\""u8);
        record.WriteMessage(_line);
        _line.Raw("\""u8);
        record.WriteMembers(_line);
        _line.Raw("}"u8);
    }

    /// <summary>As many as there are lanes: one, as a rule.</summary>
    private int Find(string requestId)
    {
        for (int i = 0; i < _traces.Count; i++)
        {
            if (_traces[i].RequestId == requestId)
                return i;
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Name(LogLevel level) => level switch
    {
        LogLevel.Debug => "DEBUG"u8,
        LogLevel.Info => "INFO"u8,
        LogLevel.Warn => "WARN"u8,
        _ => "ERROR"u8,
    };
}
