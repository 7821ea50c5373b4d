using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>
/// The Runtime API of one process of an environment, version 2018-06-01: routes, headers and status codes over a <see cref="RuntimeSession"/>.
/// </summary>
internal sealed class RuntimeApi(RuntimeSession session, FunctionSettings function)
{
    private const string Prefix = "/2018-06-01/runtime/";

    private readonly ExtensionsApi _extensions = new(function);

    public async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        string[] route = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..].Split('/') : [];
        switch (context.Request.Method, route)
        {
            case ("GET", ["invocation", "next"]):
                await NextAsync(context, session);
                break;
            case ("POST", ["invocation", var requestId, "response"]):
                await RuntimeResponse.HandleAsync(context, session, requestId);
                break;
            case ("POST", ["invocation", var requestId, "error"]):
                await FailAsync(context, session, requestId);
                break;
            case ("POST", ["init", "error"]):
                await FailInitAsync(context, session);
                break;
            default:
                if (!await _extensions.TryHandleAsync(context, session)) context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    internal static Task AcceptAsync(HttpContext context) =>
        HttpBody.WriteAsync(context.Response, StatusCodes.Status202Accepted, "{\"status\":\"OK\"}\n"u8.ToArray());

    internal static Task RefuseAsync(HttpContext context, int status, string errorType, string message) => HttpBody.WriteAsync(
        context.Response, status,
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["errorMessage"] = message, ["errorType"] = errorType }));

    private static async Task NextAsync(HttpContext context, RuntimeSession session)
    {
        if (session.Next(context.RequestAborted) is not { } next)
        {
            await RefuseStateAsync(context);
            return;
        }
        PendingInvocation invocation = await next;
        IHeaderDictionary headers = context.Response.Headers;
        headers[RuntimeApiHeaders.RequestId] = invocation.RequestId;
        headers[RuntimeApiHeaders.Deadline] = invocation.DeadlineUnixMs.ToString(CultureInfo.InvariantCulture);
        headers[RuntimeApiHeaders.InvokedFunctionArn] = invocation.InvokedFunctionArn;
        headers[RuntimeApiHeaders.TraceId] = invocation.TraceId;
        if (invocation.ClientContext is { } clientContext) headers[RuntimeApiHeaders.ClientContext] = clientContext;
        await HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, invocation.Payload);
    }

    private static async Task FailAsync(HttpContext context, RuntimeSession session, string requestId)
    {
        if (await RefuseAsync(context, session.Check(RuntimeCall.Error, requestId))) return;
        byte[] body = await HttpBody.ReadAsync(context.Request, RuntimeApiHeaders.MaxResponseSize) ?? "{}"u8.ToArray();
        var error = new RuntimeEvent.Error(body, ErrorType(context, RuntimeApiHeaders.FunctionErrorType));
        if (await RefuseAsync(context, session.End(RuntimeCall.Error, requestId, error))) return;
        await AcceptAsync(context);
    }

    private static async Task FailInitAsync(HttpContext context, RuntimeSession session)
    {
        byte[] body = await HttpBody.ReadAsync(context.Request, RuntimeApiHeaders.MaxResponseSize) ?? "{}"u8.ToArray();
        var error = new RuntimeEvent.InitError(body, ErrorType(context, RuntimeApiHeaders.FunctionErrorType));
        if (await RefuseAsync(context, session.FailInit(error))) return;
        await AcceptAsync(context);
    }

    internal static string ErrorType(HttpContext context, string header) =>
        context.Request.Headers[header].ToString() is { Length: > 0 } type ? type : "Runtime.Unknown";

    internal static async Task<bool> RefuseAsync(HttpContext context, CallResult result)
    {
        if (result == CallResult.InvalidState) await RefuseStateAsync(context);
        else if (result == CallResult.InvalidRequestId)
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestID", "Invalid request ID");
        return result != CallResult.Accepted;
    }

    private static Task RefuseStateAsync(HttpContext context) => RefuseAsync(
        context, StatusCodes.Status403Forbidden, "InvalidStateTransition", "State transition is not allowed");
}
