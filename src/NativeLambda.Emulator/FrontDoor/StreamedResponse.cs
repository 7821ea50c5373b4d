using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Payloads;

namespace NativeLambda.Emulator.FrontDoor;

/// <summary>Passes a streamed response on to the client of a function URL as it comes.</summary>
internal static class StreamedResponse
{
    public static async Task WriteAsync(HttpContext context, ResponseStream stream)
    {
        try
        {
            ProxyResponse? head = StreamPrelude.IsExpected(stream.ContentType)
                ? (await StreamPrelude.ReadAsync(stream.Reader, context.RequestAborted)).Head
                : new ProxyResponse(StatusCodes.Status200OK, [new("content-type", stream.ContentType)], [], default);
            if (head is null)
            {
                await FunctionUrl.WriteAsync(context, FrontAnswers.BadGateway);
                return;
            }
            await CopyAsync(context, head, stream);
        }
        finally
        {
            await stream.Reader.CompleteAsync(); // a client that has gone stops nobody: the function writes on to its end
        }
    }

    private static async Task CopyAsync(HttpContext context, ProxyResponse head, ResponseStream stream)
    {
        HttpResponse response = context.Response;
        response.StatusCode = head.StatusCode;
        foreach ((string name, string value) in head.Headers) response.Headers.Append(name, value);
        foreach (string cookie in head.Cookies) response.Headers.Append("set-cookie", cookie);
        bool hasBody = ResponseRules.HasContent(context.Request.Method, head.StatusCode);
        await response.BodyWriter.FlushAsync(context.RequestAborted); // what is known goes out before the body's first byte
        while (true)
        {
            ReadResult read = await stream.Reader.ReadAsync(context.RequestAborted);
            if (hasBody)
                foreach (ReadOnlyMemory<byte> segment in read.Buffer) await response.BodyWriter.WriteAsync(segment, context.RequestAborted);
            stream.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        // The status is long gone: a client learns of a failure by a connection that is closed in the middle of the response. The
        // server does that for an exception, after what has been written; an abort would take back what is still under way.
        if (await stream.Ended is { } error) throw new IOException($"the function's response ended with {error.ErrorType}");
    }
}
