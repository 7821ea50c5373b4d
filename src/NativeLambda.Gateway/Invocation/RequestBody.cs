using System.Buffers;
using System.IO.Pipelines;

namespace NativeLambda.Gateway.Invocation;

/// <summary>Reads a request's body, as far as its route takes it.</summary>
internal static class RequestBody
{
    private const int FirstGuess = 16 * 1024;

    /// <summary>Whether there is one, by the request's head.</summary>
    public static bool IsExpected(HttpRequest request) =>
        request.ContentLength is { } length ? length > 0 : request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>() is null or { CanHaveBody: true };

    /// <summary>Reads the whole body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">How many bytes it may have.</param>
    /// <returns>The body; null when it is larger. It is known as soon as the head says so, or else where the limit is passed; no more is read then.</returns>
    /// <exception cref="BadHttpRequestException">It is broken, or comes too slowly.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static async ValueTask<PooledBuffer?> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit) return null;
        var body = new PooledBuffer((int)(request.ContentLength ?? FirstGuess));
        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            bool fits = body.Length + read.Buffer.Length <= limit;
            if (fits)
                foreach (ReadOnlyMemory<byte> segment in read.Buffer) body.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (!fits)
            {
                body.Dispose();
                return null;
            }
            if (read.IsCompleted) return body;
        }
    }
}
