using Microsoft.AspNetCore.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>The operation InvokeWithResponseStream, version 2021-11-15.</summary>
internal static class StreamingInvokeApi
{
    public static async Task HandleAsync(HttpContext context, InvokedFunction function)
    {
        string type = InvokeApi.InvocationType(context);
        if (await InvokeApi.ReadPayloadAsync(context, InvokeApi.MaxSynchronous) is not { } payload) return;
        if (type == "DryRun")
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        if (type != "RequestResponse")
        {
            await LambdaApi.RefuseAsync(
                context, StatusCodes.Status400BadRequest, InvokeErrors.InvalidParameterValue,
                InvokeErrors.UserBody($"Invocation type {type}: RequestResponse or DryRun"));
            return;
        }
        InvokeOptions options = InvokeApi.ReadOptions(context, type);
        StreamedInvocation invocation =
            await function.Host.Invocations.InvokeStreamingAsync(payload, options, function.Arn, context.RequestAborted);
        if (invocation.Result is { StatusCode: InvokeService.Throttled } throttled)
        {
            await InvokeApi.RespondAsync(context, throttled, options);
            return;
        }
        context.Response.Headers["x-amzn-RequestId"] = invocation.RequestId;
        await ResponseStreamWriter.WriteAsync(context, invocation, options.LogTail);
    }
}
