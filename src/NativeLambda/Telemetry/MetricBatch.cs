using NativeLambda.Database;

namespace NativeLambda.Telemetry;

/// <summary>
/// The metrics of one connection, in CloudWatch's embedded metric format: gathered, and written as one line of JSON after an invocation,
/// when its caller has the answer. What is rare and may have an alarm is written after the invocation in which it happened; gaps, of
/// which there is one in each invocation, as soon as they are a hundred or a minute old.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">CloudWatch, embedded metric format</see>:
/// at most 100 values a metric. Values are kept in arrays that are there from the start: a warm invocation allocates nothing for them.
/// </remarks>
internal sealed class MetricBatch(LambdaLog log, TimeProvider time, string functionName)
{
    private const int MaxValues = 100;

    /// <summary>Lines have one time: values that lie further apart are not put into one.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly TimeSpan[] _gaps = new TimeSpan[MaxValues];
    private readonly TimeSpan[] _opens = new TimeSpan[MaxValues];
    private readonly LogLine _line = new(json: true);
    private int _gapCount;
    private int _openCount;
    private int _reopens;
    private CloseCause _cause;
    private int _evictions;
    private int _handlerErrors;
    private DateTimeOffset _since;

    private bool IsEmpty => _gapCount == 0 && !HasRare;

    private bool HasRare => _openCount + _evictions + _handlerErrors > 0;

    /// <summary>A connection was opened.</summary>
    /// <param name="duration">What that took.</param>
    /// <param name="replaced">Why the one before it is no more; <see langword="null"/> for the first of the environment.</param>
    public void Opened(TimeSpan duration, CloseCause? replaced)
    {
        // A line has one value for a dimension.
        if (_openCount == MaxValues || (_reopens > 0 && replaced is not null && replaced != _cause))
            Write();
        Touch();
        _opens[_openCount++] = duration;
        if (replaced is not { } cause)
            return;
        _cause = cause;
        _reopens++;
    }

    /// <summary>An invocation arrived after so long.</summary>
    public void Thawed(TimeSpan gap)
    {
        Touch();
        _gaps[_gapCount++] = gap;
    }

    public void Evicted(int sessions)
    {
        Touch();
        _evictions += sessions;
    }

    public void HandlerFailed()
    {
        Touch();
        _handlerErrors++;
    }

    /// <summary>The invocation is over: writes what is due.</summary>
    public void WriteDue()
    {
        if (HasRare || _gapCount == MaxValues)
            Write();
    }

    /// <summary>Writes what there is: nobody comes back to it.</summary>
    public void WriteAll()
    {
        if (!IsEmpty)
            Write();
    }

    private void Touch()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!IsEmpty && ((now - _since).Duration() >= LongestWait || _gapCount == MaxValues))
            Write();
        if (IsEmpty)
            _since = now;
    }

    private void Write()
    {
        _line.Clear();
        _line.Raw("""{"_aws":{"Timestamp":"""u8);
        _line.Number(_since.ToUnixTimeMilliseconds());
        _line.Raw(""","CloudWatchMetrics":[{"Namespace":"NativeLambda","Dimensions":[["FunctionName"]],"Metrics":["""u8);
        int defined = 0;
        Define(_openCount, """{"Name":"ConnectionOpens","Unit":"Count"},{"Name":"OpenDuration","Unit":"Milliseconds"}"""u8, ref defined);
        Define(_gapCount, """{"Name":"ThawGap","Unit":"Milliseconds"}"""u8, ref defined);
        Define(_evictions, """{"Name":"Evictions","Unit":"Count"}"""u8, ref defined);
        Define(_handlerErrors, """{"Name":"HandlerErrors","Unit":"Count"}"""u8, ref defined);
        _line.Raw("]}"u8);
        if (_reopens > 0)
            _line.Raw(""",{"Namespace":"NativeLambda","Dimensions":[["FunctionName","Cause"]],"Metrics":[{"Name":"ReopensByCause","Unit":"Count"}]}"""u8);
        _line.Raw("]}"u8);

        _line.Member("FunctionName"u8, functionName);
        if (_reopens > 0)
        {
            _line.Member("Cause"u8, _cause.Name());
            _line.Member("ReopensByCause"u8, _reopens);
        }

        if (_openCount > 0)
        {
            _line.Member("ConnectionOpens"u8, _openCount);
            Values("OpenDuration"u8, _opens.AsSpan(0, _openCount));
        }

        if (_gapCount > 0)
            Values("ThawGap"u8, _gaps.AsSpan(0, _gapCount));
        if (_evictions > 0)
            _line.Member("Evictions"u8, _evictions);
        if (_handlerErrors > 0)
            _line.Member("HandlerErrors"u8, _handlerErrors);
        _line.Raw("}\n"u8);
        log.WriteLine(_line.Written);
        (_gapCount, _openCount, _reopens, _evictions, _handlerErrors) = (0, 0, 0, 0, 0);
    }

    private void Define(int count, ReadOnlySpan<byte> definitions, ref int defined)
    {
        if (count == 0)
            return;
        if (defined++ > 0)
            _line.Raw(","u8);
        _line.Raw(definitions);
    }

    private void Values(ReadOnlySpan<byte> name, ReadOnlySpan<TimeSpan> values)
    {
        _line.Name(name);
        ReadOnlySpan<byte> before = "["u8;
        foreach (TimeSpan value in values)
        {
            _line.Raw(before);
            _line.Milliseconds(value);
            before = ","u8;
        }

        _line.Raw("]"u8);
    }
}
