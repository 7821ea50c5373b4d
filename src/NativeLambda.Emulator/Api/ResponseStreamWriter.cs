using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Api;

/// <summary>Answers <c>InvokeWithResponseStream</c>: a <c>PayloadChunk</c> event for what has come, and one <c>InvokeComplete</c>.</summary>
internal static class ResponseStreamWriter
{
    // A message of an event stream is at most 16 MB; AWS's are smaller.
    private const int MaxChunk = 64 * 1024;

    public static async Task WriteAsync(HttpContext context, StreamedInvocation invocation, bool logTail)
    {
        HttpResponse response = context.Response;
        response.ContentType = EventStreamMessage.ContentType;
        response.Headers["X-Amz-Executed-Version"] = FunctionSettings.Version;
        await response.BodyWriter.FlushAsync(context.RequestAborted); // the caller knows of the stream before its first byte
        (string ErrorType, ReadOnlyMemory<byte> Payload)? error;
        if (invocation.Result is { } result)
        {
            bool failed = result.FunctionError is not null;
            if (!failed) await WriteChunksAsync(response, new ReadOnlySequence<byte>(result.Payload), context.RequestAborted);
            error = failed ? (result.ErrorType!, result.Payload) : null;
        }
        else
            error = await CopyAsync(context, invocation.Stream) is { } outcome ? (outcome.ErrorType!, outcome.Payload) : null;
        if (logTail) await invocation.Invocation.Reported.WaitAsync(context.RequestAborted);
        byte[] complete = Complete(error, logTail ? invocation.Invocation.Tail.ToArray() : null);
        await response.BodyWriter.WriteAsync(EventStreamMessage.OfEvent("InvokeComplete", "application/json", complete), context.RequestAborted);
    }

    private static async Task<InvocationOutcome?> CopyAsync(HttpContext context, ResponseStream stream)
    {
        try
        {
            while (true)
            {
                ReadResult read = await stream.Reader.ReadAsync(context.RequestAborted);
                await WriteChunksAsync(context.Response, read.Buffer, context.RequestAborted);
                stream.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return await stream.Ended;
            }
        }
        finally
        {
            await stream.Reader.CompleteAsync(); // a caller that has gone stops nobody: the function writes on to its end
        }
    }

    private static async Task WriteChunksAsync(HttpResponse response, ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            for (ReadOnlyMemory<byte> left = segment; left.Length > 0;)
            {
                ReadOnlyMemory<byte> chunk = left[..Math.Min(left.Length, MaxChunk)];
                left = left[chunk.Length..];
                await response.BodyWriter.WriteAsync(
                    EventStreamMessage.OfEvent("PayloadChunk", "application/octet-stream", chunk.Span), cancellation);
            }
        }
    }

    /// <summary>The content of the last event: the error, where there is one, and the log, where it was asked for.</summary>
    private static byte[] Complete((string ErrorType, ReadOnlyMemory<byte> Payload)? error, byte[]? tail)
    {
        var members = new Dictionary<string, string>();
        if (error is { } failure)
        {
            members["ErrorCode"] = failure.ErrorType;
            members["ErrorDetails"] = Encoding.UTF8.GetString(failure.Payload.Span);
        }
        if (tail is not null) members["LogResult"] = Convert.ToBase64String(tail);
        return JsonSerializer.SerializeToUtf8Bytes(members);
    }
}
