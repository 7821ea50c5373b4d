using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>Lambda's Invoke API, version 2015-03-31, so that AWS's SDKs and command line work with an endpoint override.</summary>
internal sealed class InvokeApi(FunctionSettings function, InvokeService invoke)
{
    private const string Prefix = "/2015-03-31/functions/";
    private const string Suffix = "/invocations";

    /// <summary>The largest event of a synchronous invocation, in bytes.</summary>
    internal const int MaxSynchronous = 6 * 1024 * 1024;

    /// <summary>The largest event of an asynchronous invocation, in bytes.</summary>
    internal const int MaxAsynchronous = 1024 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString(); // an invocation's own takes its place
        string path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Suffix, StringComparison.Ordinal)
            || path.Length <= Prefix.Length + Suffix.Length)
        {
            await RefuseAsync(context, 404, "UnknownOperationException", "{}"u8.ToArray());
            return;
        }
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await RefuseAsync(context, 405, "MethodNotAllowedException", InvokeErrors.UserBody("Only POST is allowed"));
            return;
        }
        // Kestrel has decoded the path but for %2F; colons may come either way.
        string name = Uri.UnescapeDataString(path[Prefix.Length..^Suffix.Length]);
        if (await FindAsync(context, name) is { } arn) await InvokeAsync(context, arn);
    }

    /// <summary>The ARN of the function that is named, if it is this one.</summary>
    private async Task<string?> FindAsync(HttpContext context, string name)
    {
        if (FunctionReference.Parse(name) is not { } reference)
        {
            await RefuseAsync(
                context, 400, "ValidationException",
                InvokeErrors.UserBody($"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint"));
            return null;
        }
        string? query = context.Request.Query["Qualifier"] is { Count: > 0 } values ? values[0] : null;
        if (reference.Qualifier is not null && query is not null && reference.Qualifier != query)
        {
            await RefuseAsync(
                context, 400, InvokeErrors.InvalidParameterValue,
                InvokeErrors.UserBody("The derived qualifier from the function name does not match the specified qualifier."));
            return null;
        }
        string? qualifier = reference.Qualifier ?? query;
        string arn = $"arn:aws:lambda:{function.Region}:{FunctionSettings.AccountId}:function:{reference.Name}";
        if (qualifier is not null) arn += $":{qualifier}";
        if (reference.Name == function.Name && qualifier is null or FunctionSettings.Version) return arn;
        await RefuseAsync(context, 404, InvokeErrors.ResourceNotFound, InvokeErrors.NotFoundBody(arn));
        return null;
    }

    private async Task InvokeAsync(HttpContext context, string arn)
    {
        string type = context.Request.Headers["X-Amz-Invocation-Type"].ToString() is { Length: > 0 } value ? value : "RequestResponse";
        int limit = type == "Event" ? MaxAsynchronous : MaxSynchronous;
        byte[]? payload = await HttpBody.ReadAsync(context.Request, limit);
        if (payload is null)
        {
            await RefuseAsync(context, 413, InvokeErrors.RequestTooLarge, InvokeErrors.TooLargeBody(limit));
            return;
        }
        if (payload.Length > 0 && !IsJson(payload))
        {
            await RefuseAsync(
                context, 400, InvokeErrors.InvalidRequestContent,
                InvokeErrors.UserBody("Could not parse request body into json: the payload is no JSON text"));
            return;
        }
        if (payload.Length == 0) payload = "{}"u8.ToArray();
        var options = new InvokeOptions
        {
            LogTail = context.Request.Headers["X-Amz-Log-Type"] == "Tail" && type == "RequestResponse",
            ClientContext = DecodeClientContext(context.Request.Headers["X-Amz-Client-Context"].ToString()),
            TraceId = context.Request.Headers["X-Amzn-Trace-Id"].ToString() is { Length: > 0 } trace ? trace : null,
        };
        switch (type)
        {
            case "RequestResponse":
                await RespondAsync(context, await invoke.InvokeAsync(payload, options, arn, context.RequestAborted), options);
                break;
            case "Event":
                // Its outcome is nobody's; the retries of asynchronous invocations belong to this place.
                _ = invoke.InvokeAsync(payload, options, arn, CancellationToken.None);
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case "DryRun":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                await RefuseAsync(
                    context, 400, InvokeErrors.InvalidParameterValue,
                    InvokeErrors.UserBody($"Invocation type {type}: RequestResponse, Event or DryRun"));
                break;
        }
    }

    private static async Task RespondAsync(HttpContext context, InvokeResult result, InvokeOptions options)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers["x-amzn-RequestId"] = result.RequestId;
        if (result.StatusCode == InvokeService.Throttled)
        {
            headers.RetryAfter = "1";
            await RefuseAsync(context, result.StatusCode, InvokeErrors.TooManyRequests, result.Payload);
            return;
        }
        headers["X-Amz-Executed-Version"] = FunctionSettings.Version;
        if (options.TraceId is not null) headers["X-Amzn-Trace-Id"] = options.TraceId;
        if (result.FunctionError is not null) headers["X-Amz-Function-Error"] = result.FunctionError;
        if (result.LogTail is not null) headers["X-Amz-Log-Result"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(result.LogTail));
        await HttpBody.WriteAsync(context.Response, result.StatusCode, result.Payload);
    }

    private static Task RefuseAsync(HttpContext context, int status, string errorType, ReadOnlyMemory<byte> body)
    {
        context.Response.Headers["x-amzn-ErrorType"] = errorType;
        return HttpBody.WriteAsync(context.Response, status, body);
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
