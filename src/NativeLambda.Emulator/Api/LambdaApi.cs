using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>Lambda's own API as AWS's SDKs and command line call it: finds the operation and the function that a request means.</summary>
internal sealed class LambdaApi(IReadOnlyList<FunctionHost> functions)
{
    private const string Functions = "/2015-03-31/functions";

    // Response streaming came later, under a version of its own.
    private const string StreamingFunctions = "/2021-11-15/functions/";

    private readonly FunctionsApi _functions = new(functions);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (ObjectDisposedException) when (!context.Response.HasStarted)
        {
            await RefuseAsync(
                context, StatusCodes.Status500InternalServerError, InvokeErrors.ServiceException, InvokeErrors.UserBody("The emulator is ending."));
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString(); // an invocation's own takes its place
        string path = context.Request.Path.Value ?? "";
        if (path.StartsWith(StreamingFunctions, StringComparison.Ordinal)
            && path[StreamingFunctions.Length..].Split('/') is [var streaming, "response-streaming-invocations"])
        {
            if (await AllowsAsync(context, HttpMethods.Post) && await _functions.FindAsync(context, streaming) is { } streamed)
                await StreamingInvokeApi.HandleAsync(context, streamed);
            return;
        }
        string[] route = path.StartsWith(Functions, StringComparison.Ordinal) ? path[Functions.Length..].Split('/') : [];
        switch (route)
        {
            case [""] or ["", ""]:
                if (await AllowsAsync(context, HttpMethods.Get)) await _functions.ListAsync(context);
                break;
            case ["", var name]:
                if (await AllowsAsync(context, HttpMethods.Get) && await _functions.FindAsync(context, name) is { } described)
                    await FunctionsApi.GetAsync(context, described);
                break;
            case ["", var name, "configuration"]:
                if (await AllowsAsync(context, HttpMethods.Get) && await _functions.FindAsync(context, name) is { } configured)
                    await FunctionsApi.GetConfigurationAsync(context, configured);
                break;
            case ["", var name, "invocations"]:
                if (await AllowsAsync(context, HttpMethods.Post) && await _functions.FindAsync(context, name) is { } invoked)
                    await InvokeApi.HandleAsync(context, invoked);
                break;
            default:
                await RefuseAsync(context, StatusCodes.Status404NotFound, "UnknownOperationException", "{}"u8.ToArray());
                break;
        }
    }

    internal static Task RefuseAsync(HttpContext context, int status, string errorType, ReadOnlyMemory<byte> body)
    {
        context.Response.Headers["x-amzn-ErrorType"] = errorType;
        return HttpBody.WriteAsync(context.Response, status, body);
    }

    private static async Task<bool> AllowsAsync(HttpContext context, string method)
    {
        if (HttpMethods.Equals(context.Request.Method, method)) return true;
        context.Response.Headers.Allow = method;
        await RefuseAsync(
            context, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowedException", InvokeErrors.UserBody($"Only {method} is allowed"));
        return false;
    }
}
