using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace NativeLambda.Emulator.Http;

/// <summary>Reads request bodies up to a limit and writes JSON answers.</summary>
internal static class HttpBody
{
    /// <summary>Reads the whole body.</summary>
    /// <returns>The body; nothing when it is over the limit, in which case the rest is read and thrown away, for the client's sake.</returns>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit)
    {
        var body = new ArrayBufferWriter<byte>(Math.Clamp((int)Math.Min(request.ContentLength ?? 0, limit), 1, limit));
        bool tooLarge = request.ContentLength > limit;
        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            tooLarge |= body.WrittenCount + read.Buffer.Length > limit;
            if (!tooLarge)
                foreach (ReadOnlyMemory<byte> segment in read.Buffer) body.Write(segment.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return tooLarge ? null : body.WrittenSpan.ToArray();
        }
    }

    /// <summary>Answers with a body of JSON.</summary>
    public static async Task WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> json, string contentType = "application/json")
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.BodyWriter.WriteAsync(json, response.HttpContext.RequestAborted);
    }
}
