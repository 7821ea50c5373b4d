using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.FrontDoor;

/// <summary>The function's URL: every HTTP request becomes an event, every payload an HTTP response.</summary>
/// <param name="invoke">Invokes the function.</param>
/// <param name="time">The clock of the events.</param>
internal sealed class FunctionUrl(Func<ReadOnlyMemory<byte>, CancellationToken, Task<InvokeResult>> invoke, TimeProvider time)
{
    /// <summary>The largest event, in bytes.</summary>
    private const int MaxEvent = 6 * 1024 * 1024;

    private const int Throttled = 429;

    public async Task HandleAsync(HttpContext context)
    {
        byte[]? body = await HttpBody.ReadAsync(context.Request, MaxEvent);
        byte[]? payload = body is null ? null : HttpEvent.Write(ReadRequest(context, body));
        FrontResponse response = payload is null || payload.Length > MaxEvent
            ? FrontResponse.OfMessage(StatusCodes.Status413PayloadTooLarge, "Request Entity Too Large")
            : await InvokeAsync(context, payload);
        await WriteAsync(context, response);
    }

    private async Task<FrontResponse> InvokeAsync(HttpContext context, byte[] payload)
    {
        InvokeResult result = await invoke(payload, context.RequestAborted);
        context.Response.Headers["x-amzn-RequestId"] = result.RequestId;
        if (result.StatusCode == Throttled)
        {
            context.Response.Headers.RetryAfter = "1";
            return FrontResponse.OfMessage(Throttled, "Too Many Requests");
        }
        return result.FunctionError is null ? ResponseMapper.Map(result.Payload) : FrontResponse.BadGateway;
    }

    private FrontRequest ReadRequest(HttpContext context, byte[] body)
    {
        HttpRequest request = context.Request;
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // "GET http://host/path" is allowed, too, and "OPTIONS *".
        if (Uri.TryCreate(target, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https") target = absolute.PathAndQuery;
        string[] halves = target.Split('?', 2);
        return new FrontRequest
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

    private static async Task WriteAsync(HttpContext context, FrontResponse response)
    {
        context.Response.StatusCode = response.StatusCode;
        foreach ((string name, string value) in response.Headers) context.Response.Headers.Append(name, value);
        foreach (string cookie in response.Cookies) context.Response.Headers.Append("set-cookie", cookie);
        if (response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified) return;
        context.Response.ContentLength = response.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.BodyWriter.WriteAsync(response.Body, context.RequestAborted);
    }
}
