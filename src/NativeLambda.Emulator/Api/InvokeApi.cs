using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>The operation Invoke: modes, limits, headers and errors as AWS's.</summary>
internal static class InvokeApi
{
    /// <summary>The largest event of a synchronous invocation, in bytes.</summary>
    internal const int MaxSynchronous = 6 * 1024 * 1024;

    /// <summary>The largest event of an asynchronous invocation, in bytes.</summary>
    internal const int MaxAsynchronous = 1024 * 1024;

    public static async Task HandleAsync(HttpContext context, InvokedFunction function)
    {
        string type = InvocationType(context);
        if (await ReadPayloadAsync(context, type == "Event" ? MaxAsynchronous : MaxSynchronous) is not { } payload) return;
        InvokeOptions options = ReadOptions(context, type);
        switch (type)
        {
            case "RequestResponse":
                await RespondAsync(context, await function.Host.Invocations.InvokeAsync(payload, options, function.Arn, requestId: null, context.RequestAborted), options);
                break;
            case "Event":
                context.Response.Headers["x-amzn-RequestId"] = function.Host.Events.Enqueue(payload, options, function.Arn);
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case "DryRun":
                context.Response.Headers["X-Amz-Executed-Version"] = FunctionSettings.Version;
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                await LambdaApi.RefuseAsync(
                    context, 400, InvokeErrors.InvalidParameterValue,
                    InvokeErrors.UserBody($"Invocation type {type}: RequestResponse, Event or DryRun"));
                break;
        }
    }

    internal static string InvocationType(HttpContext context) =>
        context.Request.Headers["X-Amz-Invocation-Type"].ToString() is { Length: > 0 } type ? type : "RequestResponse";

    /// <summary>Reads the event; refuses one that is too large, of another type, or no JSON.</summary>
    internal static async Task<byte[]?> ReadPayloadAsync(HttpContext context, int limit)
    {
        if (!IsJsonType(context.Request.ContentType))
        {
            await LambdaApi.RefuseAsync(
                context, StatusCodes.Status415UnsupportedMediaType, InvokeErrors.UnsupportedMediaType,
                InvokeErrors.UserBody($"The content type of the request is {context.Request.ContentType}: an event is JSON in UTF-8"));
            return null;
        }
        byte[]? payload = await HttpBody.ReadAsync(context.Request, limit);
        if (payload is null)
        {
            await LambdaApi.RefuseAsync(context, 413, InvokeErrors.RequestTooLarge, InvokeErrors.TooLargeBody(limit));
            return null;
        }
        if (payload.Length == 0) return "{}"u8.ToArray();
        if (IsJson(payload)) return payload;
        await LambdaApi.RefuseAsync(
            context, 400, InvokeErrors.InvalidRequestContent,
            InvokeErrors.UserBody("Could not parse request body into json: the payload is no JSON text"));
        return null;
    }

    internal static InvokeOptions ReadOptions(HttpContext context, string type) => new()
    {
        LogTail = context.Request.Headers["X-Amz-Log-Type"] == "Tail" && type == "RequestResponse",
        ClientContext = DecodeClientContext(context.Request.Headers["X-Amz-Client-Context"].ToString()),
        TraceId = ReadTraceId(context.Request.Headers["X-Amzn-Trace-Id"].ToString()),
    };

    internal static async Task RespondAsync(HttpContext context, InvokeResult result, InvokeOptions options)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers["x-amzn-RequestId"] = result.RequestId;
        if (result.StatusCode == InvokeService.Throttled)
        {
            headers.RetryAfter = "1";
            await LambdaApi.RefuseAsync(context, result.StatusCode, InvokeErrors.TooManyRequests, result.Payload);
            return;
        }
        headers["X-Amz-Executed-Version"] = FunctionSettings.Version;
        if (options.TraceId is not null) headers["X-Amzn-Trace-Id"] = options.TraceId;
        if (result.FunctionError is not null) headers["X-Amz-Function-Error"] = result.FunctionError;
        if (result.LogTail is not null) headers["X-Amz-Log-Result"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(result.LogTail));
        await HttpBody.WriteAsync(context.Response, result.StatusCode, result.Payload);
    }

    /// <summary>
    /// Whether a body of that type can be JSON in UTF-8: besides JSON itself what clients say when they do not know or do not care
    /// (AWS's SDKs send application/octet-stream, curl calls everything a form).
    /// </summary>
    internal static bool IsJsonType(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType)) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)) return false;
        if (type.Charset.HasValue && type.Encoding?.CodePage != Encoding.UTF8.CodePage) return false;
        string name = type.MediaType.Value!.ToUpperInvariant();
        return name is "APPLICATION/JSON" or "APPLICATION/OCTET-STREAM" or "BINARY/OCTET-STREAM" or "APPLICATION/X-WWW-FORM-URLENCODED" or "TEXT/PLAIN"
            || (name.StartsWith("APPLICATION/", StringComparison.Ordinal) && (name.EndsWith("+JSON", StringComparison.Ordinal) || name.Contains("X-AMZ-JSON", StringComparison.Ordinal)));
    }

    private static bool IsJson(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>It becomes a header of the Runtime API: what cannot stand in one is no trace id.</summary>
    private static string? ReadTraceId(string header) =>
        header.Length > 0 && header.All(static character => character is >= ' ' and <= '~') ? header : null;

    /// <summary>Callers send it in Base64; the runtime gets it as JSON.</summary>
    private static string? DecodeClientContext(string header)
    {
        var bytes = new byte[header.Length];
        if (header.Length == 0 || !Convert.TryFromBase64String(header, bytes, out int count)) return null;
        string json = Encoding.UTF8.GetString(bytes, 0, count);
        // It becomes a header again: what cannot stand in one is written as JSON escapes.
        return string.Concat(json.Select(static character => character is < ' ' or > '~'
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
            : character.ToString()));
    }
}
