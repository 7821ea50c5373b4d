using System.Buffers;
using System.Globalization;
using System.Text.Json;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Functions;

/// <summary>
/// Where the events of asynchronous invocations end that failed for good: a line of the log, and a line of JSON in the dead-letter
/// file, with the members of the record that Lambda sends to an on-failure destination.
/// </summary>
internal sealed class DeadLetters(FunctionSettings function, TimeProvider time, FunctionLog log)
{
    /// <summary>The function failed each time that it may.</summary>
    public const string RetriesExhausted = "RetriesExhausted";

    /// <summary>The event waited for too long.</summary>
    public const string EventAgeExceeded = "EventAgeExceeded";

    /// <summary>The function is stopped by a reserved concurrency of 0.</summary>
    public const string ZeroReservedConcurrency = "ZeroReservedConcurrency";

    /// <summary>The emulator itself failed at the event; Lambda knows no such thing.</summary>
    public const string EmulatorFailed = "EmulatorFailed";

    /// <summary>The emulator ends while the event waits or runs; Lambda knows no such thing.</summary>
    public const string EmulatorStopped = "EmulatorStopped";

    private readonly Lock _gate = new();

    /// <summary>Gives an event up.</summary>
    public void Add(AsyncEvent given, string condition)
    {
        string error = given.LastResult?.ErrorType is { } type ? $", the last error {type}" : "";
        string place = function.Async.DeadLetterFile is { } file && TryAppend(file, Write(given, condition)) ? $"written to {file}" : "lost";
        log.Write("", LogSource.Platform, string.Create(
            CultureInfo.InvariantCulture, $"RequestId: {given.RequestId} asynchronous event given up ({condition}) after {given.Attempts} attempts{error}: {place}"));
    }

    /// <summary>The record of an event, a line.</summary>
    internal ReadOnlyMemory<byte> Write(AsyncEvent given, string condition)
    {
        var buffer = new ArrayBufferWriter<byte>(given.Payload.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteString("timestamp", time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteStartObject("requestContext");
            json.WriteString("requestId", given.RequestId);
            json.WriteString("functionArn", $"{function.Arn}:{FunctionSettings.Version}");
            json.WriteString("condition", condition);
            json.WriteNumber("approximateInvokeCount", given.Attempts);
            json.WriteEndObject();
            WriteJson(json, "requestPayload", given.Payload);
            if (given.LastResult is { } result)
            {
                json.WriteStartObject("responseContext");
                json.WriteNumber("statusCode", result.StatusCode);
                json.WriteString("executedVersion", FunctionSettings.Version);
                if (result.FunctionError is not null) json.WriteString("functionError", result.FunctionError);
                json.WriteEndObject();
                WriteJson(json, "responsePayload", result.Payload);
            }
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>What the function answered may be no JSON, and line feeds have no place in a line: it is written anew, or as a string.</summary>
    private static void WriteJson(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> text)
    {
        json.WritePropertyName(name);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 900 });
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(System.Text.Encoding.UTF8.GetString(text.Span));
        }
    }

    private bool TryAppend(string file, ReadOnlyMemory<byte> line)
    {
        try
        {
            lock (_gate)
            {
                using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                stream.Write(line.Span);
            }
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.Write("", LogSource.Platform, $"the dead-letter file cannot be written: {exception.Message}");
            return false;
        }
    }
}
