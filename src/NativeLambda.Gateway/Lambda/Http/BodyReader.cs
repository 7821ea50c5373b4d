using System.Buffers;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>Reads bodies of answers, up to a limit.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 16 * 1024;

    private static readonly byte[] Nothing = new byte[1];

    /// <summary>The whole body; null when it is longer than the limit.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength is not { } length) return await ReadUnknownAsync(content, limit, cancellation);
        if (length > limit) return null;
        if (length == 0) return [];
        byte[] body = GC.AllocateUninitializedArray<byte>((int)length);
        Stream stream = await content.ReadAsStreamAsync(cancellation);
        await stream.ReadExactlyAsync(body, cancellation);
        _ = await stream.ReadAtLeastAsync(Nothing, 1, throwOnEndOfStream: false, cancellation); // the end, which HTTP/2 tells apart from the last byte
        return body;
    }

    /// <summary>The body, or as much of it as the limit allows.</summary>
    public static async ValueTask<byte[]> ReadStartAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(limit);
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancellation);
            int count = await stream.ReadAtLeastAsync(buffer.AsMemory(0, limit), limit, throwOnEndOfStream: false, cancellation);
            return buffer[..count];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<byte[]?> ReadUnknownAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        Stream stream = await content.ReadAsStreamAsync(cancellation);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, limit + 1));
        try
        {
            for (int count = 0; ;)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(count), cancellation);
                if (read == 0) return buffer[..count];
                count += read;
                if (count > limit) return null;
                if (count < buffer.Length) continue;
                byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, count).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

}
