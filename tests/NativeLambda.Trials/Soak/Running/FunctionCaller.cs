using System.Buffers;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Trials.Soak.Judging;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>Calls the function with HTTP events, as a gateway would.</summary>
internal sealed class FunctionCaller(LocalLambda lambda, SoakClock clock)
{
    /// <summary>Nothing of the emulator's takes longer: whoever waits for longer waits for ever.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(90);

    public async Task<Answer> CallAsync(string method, string path, string? body = null, string? key = null)
    {
        byte[] payload = Event(method, path, body, key);
        TimeSpan start = clock.Now;
        try
        {
            InvokeResult result = await lambda.InvokeAsync(payload).WaitAsync(Guard, TimeProvider.System);
            return Read(result, start, clock.Now);
        }
        catch (TimeoutException)
        {
            return new Answer("?", 0, "NoAnswer", "", start, clock.Now);
        }
    }

    private static Answer Read(InvokeResult result, TimeSpan start, TimeSpan end)
    {
        if (result.StatusCode != 200)
            return new Answer(result.RequestId, result.StatusCode, null, result.PayloadText, start, end);
        if (result.FunctionError is not null)
            return new Answer(result.RequestId, 0, result.ErrorType ?? result.FunctionError, result.PayloadText, start, end);
        using JsonDocument response = JsonDocument.Parse(result.Payload);
        string body = response.RootElement.TryGetProperty("body", out JsonElement text) ? text.GetString() ?? "" : "";
        return new Answer(result.RequestId, response.RootElement.GetProperty("statusCode").GetInt32(), null, body, start, end);
    }

    /// <summary>An event in payload format 2.0, with what the function reads of it.</summary>
    private static byte[] Event(string method, string path, string? body, string? key)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", "2.0");
            json.WriteString("rawPath", path);
            json.WriteString("rawQueryString", "");
            json.WriteStartObject("headers");
            json.WriteString("content-type", "application/json");
            if (key is not null)
                json.WriteString("idempotency-key", key);
            json.WriteEndObject();
            json.WriteStartObject("requestContext");
            json.WriteStartObject("http");
            json.WriteString("method", method);
            json.WriteString("path", path);
            json.WriteEndObject();
            json.WriteEndObject();
            if (body is not null)
                json.WriteString("body", body);
            json.WriteBoolean("isBase64Encoded", false);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
