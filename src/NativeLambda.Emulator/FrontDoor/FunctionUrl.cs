using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NativeLambda.Emulator.Api;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Http;
using NativeLambda.Payloads;

namespace NativeLambda.Emulator.FrontDoor;

/// <summary>The function's URL: every HTTP request becomes an event, every payload an HTTP response.</summary>
/// <param name="function">The function.</param>
/// <param name="time">The clock of the events.</param>
internal sealed class FunctionUrl(FunctionHost function, TimeProvider time)
{
    /// <summary>The largest event, in bytes.</summary>
    private const int MaxEvent = 6 * 1024 * 1024;

    private const int Throttled = 429;

    public async Task HandleAsync(HttpContext context)
    {
        byte[]? body = await HttpBody.ReadAsync(context.Request, MaxEvent);
        byte[]? payload = body is null ? null : WriteEvent(ReadRequest(context, body));
        if (payload is null || payload.Length > MaxEvent)
            await WriteAsync(context, FrontAnswers.OfMessage(StatusCodes.Status413PayloadTooLarge, "Request Entity Too Large"));
        else if (function.Settings.InvokeMode == FunctionUrlInvokeMode.ResponseStream) await StreamAsync(context, payload);
        else await WriteAsync(context, Map(context, await function.InvokeAsync(payload, options: null, context.RequestAborted)));
    }

    private async Task StreamAsync(HttpContext context, byte[] payload)
    {
        StreamedInvocation invocation = await function.Invocations.InvokeStreamingAsync(
            payload, new InvokeOptions(), invokedArn: null, context.RequestAborted);
        context.Response.Headers["x-amzn-RequestId"] = invocation.RequestId;
        if (invocation.Result is null) await StreamedResponse.WriteAsync(context, invocation.Stream);
        else if (invocation.Result is { StatusCode: Throttled } or { FunctionError: not null }) await WriteAsync(context, Map(context, invocation.Result));
        else await WriteAsync(context, new ProxyResponse(200, [new("content-type", "application/json")], [], invocation.Result.Payload));
    }

    private static ProxyResponse Map(HttpContext context, InvokeResult result)
    {
        context.Response.Headers["x-amzn-RequestId"] = result.RequestId;
        if (result.StatusCode == Throttled)
        {
            context.Response.Headers.RetryAfter = "1";
            return FrontAnswers.OfMessage(Throttled, "Too Many Requests");
        }
        ProxyResponse? response = result.FunctionError is null ? ProxyResult.Read(result.Payload, PayloadFormat.FunctionUrl) : null;
        return response ?? FrontAnswers.BadGateway;
    }

    private static byte[] WriteEvent(ProxyRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + request.Body.Length);
        ProxyEvent.Write(request, PayloadFormat.FunctionUrl, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private ProxyRequest ReadRequest(HttpContext context, byte[] body)
    {
        HttpRequest request = context.Request;
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // "GET http://host/path" is allowed, too, and "OPTIONS *".
        if (Uri.TryCreate(target, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https") target = absolute.PathAndQuery;
        string[] halves = target.Split('?', 2);
        return new ProxyRequest
        {
            Method = request.Method,
            RawPath = halves[0],
            RawQuery = halves.Length == 2 ? halves[1] : "",
            Protocol = request.Protocol,
            Headers = [.. request.Headers.SelectMany(static header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")))],
            Body = body,
            SourceIp = context.Connection.RemoteIpAddress?.ToString() ?? "127.0.0.1",
            Host = request.Host.Value ?? "localhost",
            RequestId = Guid.NewGuid().ToString(),
            Time = time.GetUtcNow(),
        };
    }

    internal static async Task WriteAsync(HttpContext context, ProxyResponse response)
    {
        context.Response.StatusCode = response.StatusCode;
        foreach ((string name, string value) in response.Headers) context.Response.Headers.Append(name, value);
        foreach (string cookie in response.Cookies) context.Response.Headers.Append("set-cookie", cookie);
        if (ResponseRules.HasLength(response.StatusCode)) context.Response.ContentLength = response.Body.Length;
        if (ResponseRules.HasContent(context.Request.Method, response.StatusCode)) await context.Response.BodyWriter.WriteAsync(response.Body, context.RequestAborted);
    }
}
