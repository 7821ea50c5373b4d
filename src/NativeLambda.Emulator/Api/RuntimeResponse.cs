using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary><c>POST /runtime/invocation/{id}/response</c>: whole, or in chunks that the caller gets as they come.</summary>
internal static class RuntimeResponse
{
    /// <summary>The largest response that is streamed to the caller, in bytes.</summary>
    internal const long MaxStreamedSize = 200L * 1024 * 1024;

    private const string DefaultContentType = "application/json";
    private const string DefaultStreamContentType = "application/octet-stream";

    public static async Task HandleAsync(HttpContext context, RuntimeSession session, string requestId)
    {
        (CallResult result, PendingInvocation? invocation) = session.BeginResponse(requestId);
        if (invocation is null)
        {
            await RuntimeApi.RefuseAsync(context, result);
            return;
        }
        string mode = context.Request.Headers[RuntimeApiHeaders.ResponseMode].ToString();
        bool isStreaming = mode.Equals("streaming", StringComparison.OrdinalIgnoreCase);
        if (mode.Length > 0 && !isStreaming) await RefuseModeAsync(context, session, requestId, mode);
        else if (isStreaming && invocation.WantsStream) await StreamAsync(context, session, invocation);
        else await ReceiveAsync(context, session, requestId, isStreaming);
    }

    private static async Task RefuseModeAsync(HttpContext context, RuntimeSession session, string requestId, string mode)
    {
        InvocationOutcome outcome = InvocationOutcome.OfError(InvocationOutcome.InvalidResponseModeType, $"Invalid function response mode: {mode}");
        End(session, requestId, new RuntimeEvent.Error(outcome.Payload, outcome.ErrorType!));
        await RuntimeApi.RefuseAsync(
            context, StatusCodes.Status400BadRequest, "InvalidFunctionResponseMode", $"Invalid function response mode: {mode}");
    }

    /// <summary>Reads the whole response; one that the runtime streams to a caller who waits for all of it may end with an error.</summary>
    private static async Task ReceiveAsync(HttpContext context, RuntimeSession session, string requestId, bool isStreaming)
    {
        byte[]? body;
        try
        {
            body = await HttpBody.ReadAsync(context.Request, RuntimeApiHeaders.MaxResponseSize);
        }
        catch (Exception exception) when (IsBroken(exception, context))
        {
            InvocationOutcome outcome = InvocationOutcome.OfTruncatedResponse(requestId);
            End(session, requestId, new RuntimeEvent.Error(outcome.Payload, outcome.ErrorType!));
            context.Abort();
            return;
        }
        if (body is null)
        {
            End(session, requestId, new RuntimeEvent.ResponseTooLarge(RuntimeApiHeaders.MaxResponseSize));
            await RefuseSizeAsync(context, RuntimeApiHeaders.MaxResponseSize);
            return;
        }
        RuntimeEvent outcomeOfBody = isStreaming && ResponseTrailers.ReadError(context.Request) is { } error
            ? new RuntimeEvent.Error(error.Payload, error.ErrorType!)
            : new RuntimeEvent.Response(body, context.Request.ContentType ?? DefaultContentType);
        End(session, requestId, outcomeOfBody);
        await RuntimeApi.AcceptAsync(context);
    }

    private static async Task StreamAsync(HttpContext context, RuntimeSession session, PendingInvocation invocation)
    {
        ResponseStream stream = invocation.BeginStream(context.Request.ContentType ?? DefaultStreamContentType);
        InvocationOutcome? error;
        bool isTooLarge = false, isBroken = false;
        try
        {
            isTooLarge = !await CopyAsync(context.Request, stream);
            error = isTooLarge ? InvocationOutcome.OfTooLargeResponse(MaxStreamedSize) : ResponseTrailers.ReadError(context.Request);
        }
        catch (Exception exception) when (IsBroken(exception, context) || stream.Broken.IsCancellationRequested)
        {
            error = InvocationOutcome.OfTruncatedResponse(invocation.RequestId);
            isBroken = true;
        }
        // Told to the environment first: it tells the pool before the caller hears of the end.
        End(session, invocation.RequestId, new RuntimeEvent.Streamed(error));
        await stream.Ended;
        stream.CompleteWriter();
        if (isBroken) context.Abort();
        else if (isTooLarge) await RefuseSizeAsync(context, MaxStreamedSize);
        else await RuntimeApi.AcceptAsync(context);
    }

    /// <returns>False when it is over the limit: the rest is read and thrown away, for the runtime's sake.</returns>
    private static async Task<bool> CopyAsync(HttpRequest request, ResponseStream stream)
    {
        // A connection that has ended ends the reading, too, but only after what has come through it.
        long left = MaxStreamedSize;
        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(stream.Broken);
            if (left > 0 && read.Buffer.Length > 0) await stream.WriteAsync(read.Buffer.Slice(0, Math.Min(left, read.Buffer.Length)));
            left -= read.Buffer.Length;
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return left >= 0;
        }
    }

    private static void End(RuntimeSession session, string requestId, RuntimeEvent outcome)
    {
        if (session.End(RuntimeCall.Response, requestId, outcome) != CallResult.Accepted)
            throw new InvalidOperationException($"the response to {requestId} was begun, but cannot end");
    }

    private static Task RefuseSizeAsync(HttpContext context, long limit) => RuntimeApi.RefuseAsync(
        context, StatusCodes.Status413PayloadTooLarge, "RequestEntityTooLarge", $"Exceeded maximum allowed payload size ({limit} bytes).");

    // Kestrel's words for a body that ends before its length or without its last chunk, and for a connection that is gone.
    private static bool IsBroken(Exception exception, HttpContext context) =>
        exception is IOException or BadHttpRequestException or ConnectionAbortedException
        || (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested);
}
