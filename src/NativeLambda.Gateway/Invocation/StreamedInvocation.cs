using System.IO.Pipelines;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Routing;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Invocation;

/// <summary>
/// Passes a result on while the function makes it: no more is read from Lambda than the client takes. The route's timeout is for the head
/// of the response; what follows ends by the function's own.
/// </summary>
internal sealed class StreamedInvocation(ILambdaClient lambda, TimeProvider time, ILogger logger)
{
    public async ValueTask InvokeAsync(HttpContext context, Route route, RequestFacts facts, LambdaCall call, Patience patience)
    {
        long start = time.GetTimestamp();
        await using LambdaResponseStream stream = await lambda.InvokeStreamingAsync(call, patience.Token);
        facts.UpstreamRequestId = stream.RequestId;
        Failure failure;
        try
        {
            (ProxyResponse? head, string? problem) = await ReadHeadAsync(stream, patience.Token);
            facts.Upstream = time.GetElapsedTime(start);
            patience.StopClock();
            if (head is not null)
            {
                await CopyAsync(context, facts, head, stream.Body, patience.Token);
                return;
            }
            InvocationMessages.BadResult(logger, call.Function, facts.RequestId, problem);
            failure = Failure.OfResult;
        }
        catch (LambdaStreamException) when (!context.Response.HasStarted)
        {
            failure = Failure.OfFunction; // it failed before it had written anything
        }
        catch (LambdaStreamException broken)
        {
            facts.Error = Failure.BrokenStream;
            // The status is long gone: a client learns of it by a response that is not ended. The server leaves it so after an exception.
            // For HTTP/1.0 the end of the connection is the end of the response: there it must be reset.
            if (HttpProtocol.IsHttp10(context.Request.Protocol)) context.Abort();
            await BrokenEnd.WriteAsync(context, time);
            throw new BrokenResponseException(broken);
        }
        await failure.AnswerAsync(context, facts);
    }

    /// <summary>The head of the response: what the stream begins with, or 200 where it has none.</summary>
    /// <returns>The head; or why there is none.</returns>
    private static async ValueTask<(ProxyResponse? Head, string? Problem)> ReadHeadAsync(LambdaResponseStream stream, CancellationToken cancellation)
    {
        if (StreamPrelude.IsExpected(stream.ContentType)) return await StreamPrelude.ReadAsync(stream.Body, cancellation);
        // A function that fails before its first byte is to be answered with 502.
        ReadResult first = await stream.Body.ReadAsync(cancellation);
        stream.Body.AdvanceTo(first.Buffer.Start);
        return (new ProxyResponse(StatusCodes.Status200OK, [new("content-type", stream.ContentType ?? "application/octet-stream")], [], default), null);
    }

    private static async ValueTask CopyAsync(HttpContext context, RequestFacts facts, ProxyResponse head, PipeReader body, CancellationToken cancellation)
    {
        FunctionAnswer.WriteHead(context.Response, head);
        bool hasBody = FunctionAnswer.HasBody(context, head.StatusCode);
        PipeWriter output = context.Response.BodyWriter;
        await output.FlushAsync(cancellation); // what is known goes out before the body's first byte
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellation);
            if (hasBody && read.Buffer.Length > 0)
            {
                foreach (ReadOnlyMemory<byte> segment in read.Buffer) System.Buffers.BuffersExtensions.Write(output, segment.Span);
                facts.BytesOut += read.Buffer.Length;
                await output.FlushAsync(cancellation); // waits for a client that is slower than the function
            }
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }
}

/// <summary>A response cannot be finished as it was begun.</summary>
internal sealed class BrokenResponseException(LambdaStreamException cause) : IOException("The function's response broke off: " + cause.Message, cause);
