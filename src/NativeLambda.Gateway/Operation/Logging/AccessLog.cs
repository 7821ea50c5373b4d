using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Operation.Logging;

/// <summary>Writes a line of JSON for each request. Headers and, unless they are asked for, queries are not in it: they carry secrets.</summary>
internal sealed class AccessLog : IAsyncDisposable
{
    private const int MaxText = 2048;

    // Made by a thread when it first needs them: a line is written without a pause.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    private readonly (AccessLogField Field, JsonEncodedText Name)[] _fields;
    private readonly LineWriter _lines;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    public AccessLog(AccessLogOptions options, TimeProvider time, ILogger logger)
        : this(options, new LineWriter(() => Open(options.File), time, logger))
    {
    }

    internal AccessLog(AccessLogOptions options, LineWriter lines)
    {
        _lines = lines;
        _fields = [.. options.Fields.Select(static field => (field, JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(field.ToString()))))];
    }

    /// <summary>How many lines were lost.</summary>
    public long Lost => _lines.Lost;

    /// <summary>Opens the file anew.</summary>
    public void Reopen() => _lines.Reopen();

    /// <summary>A request is done.</summary>
    public void Write(HttpContext context, RequestFacts facts, int status, TimeSpan duration)
    {
        ArrayBufferWriter<byte> buffer = _buffer ??= new(1024);
        Utf8JsonWriter json = _json ??= new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        foreach ((AccessLogField field, JsonEncodedText name) in _fields) WriteField(json, field, name, context, facts, status, duration);
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        _lines.Write(buffer.WrittenSpan);
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private static void WriteField(
        Utf8JsonWriter json, AccessLogField field, JsonEncodedText name, HttpContext context, RequestFacts facts, int status, TimeSpan duration)
    {
        switch (field)
        {
            case AccessLogField.Time:
                Span<char> time = stackalloc char[32];
                facts.Time.UtcDateTime.TryFormat(time, out int length, "yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
                json.WriteString(name, time[..length]);
                break;
            case AccessLogField.RequestId: json.WriteString(name, facts.RequestId); break;
            case AccessLogField.ClientIp: WriteText(json, name, ClientIp(context)); break;
            case AccessLogField.Host: WriteText(json, name, context.Request.Host.Value); break;
            case AccessLogField.Method: WriteText(json, name, context.Request.Method); break;
            case AccessLogField.Path: WriteText(json, name, Path(context)); break;
            case AccessLogField.Query: WriteText(json, name, context.Request.QueryString.Value); break;
            case AccessLogField.Protocol: WriteText(json, name, context.Request.Protocol); break;
            case AccessLogField.Route: WriteText(json, name, facts.Route); break;
            case AccessLogField.Function: WriteText(json, name, facts.Function); break;
            case AccessLogField.Status: json.WriteNumber(name, status); break;
            case AccessLogField.BytesIn: json.WriteNumber(name, facts.BytesIn); break;
            case AccessLogField.BytesOut: json.WriteNumber(name, facts.BytesOut); break;
            case AccessLogField.DurationMs: json.WriteNumber(name, Milliseconds(duration)); break;
            case AccessLogField.UpstreamMs when facts.Upstream is { } upstream: json.WriteNumber(name, Milliseconds(upstream)); break;
            case AccessLogField.Retries when facts.Retries > 0: json.WriteNumber(name, facts.Retries); break;
            case AccessLogField.UpstreamRequestId: WriteText(json, name, facts.UpstreamRequestId); break;
            case AccessLogField.Error: WriteText(json, name, facts.Error); break;
            case AccessLogField.ApiKey: WriteText(json, name, facts.ApiKey); break;
            case AccessLogField.TraceId: WriteText(json, name, facts.TraceId); break;
            case AccessLogField.UserAgent: WriteText(json, name, context.Request.Headers.UserAgent); break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, JsonEncodedText name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) json.WriteString(name, text.AsSpan(0, Math.Min(text.Length, MaxText)));
    }

    private static string? ClientIp(HttpContext context) => context.Connection.RemoteIpAddress is not { } address ? null
        : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static string? Path(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // A target with a host may have a name and a password in it.
        if (!target.StartsWith('/')) return context.Request.Path.Value;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    // As a decimal, 1.234 is written as that and not as the double next to it.
    private static decimal Milliseconds(TimeSpan time) => decimal.Round((decimal)time.Ticks / TimeSpan.TicksPerMillisecond, 3);

    private static Stream Open(string? file) => file is null ? Console.OpenStandardOutput() : new FileStream(file, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
    });
}
