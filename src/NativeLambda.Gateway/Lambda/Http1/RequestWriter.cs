using System.Buffers;
using System.Buffers.Text;
using System.Text;
using NativeLambda.Gateway.Lambda.Http;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>Writes requests of HTTP/1.1.</summary>
internal static class RequestWriter
{
    /// <summary>Bodies up to this length go out with their head, in one piece.</summary>
    public const int OnePiece = 16 * 1024;

    private const int Fixed = 256;

    /// <summary>Writes a head, and the body behind it when it is small.</summary>
    /// <param name="request">The request.</param>
    /// <param name="length">How much was written.</param>
    /// <returns>A rented buffer.</returns>
    public static byte[] Write(InvokeRequest request, out int length)
    {
        int body = request.Payload.Length <= OnePiece ? request.Payload.Length : 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(
            Fixed + request.Target.Head.Length + request.Authorization.Length + (request.SessionToken?.Length ?? 0) + (request.TraceHeader?.Length ?? 0) + body);
        length = 0;
        Bytes(buffer, ref length, request.Target.Head);
        Header(buffer, ref length, "X-Amz-Date: "u8, request.Timestamp);
        Header(buffer, ref length, "X-Amz-Security-Token: "u8, request.SessionToken);
        Header(buffer, ref length, "X-Amzn-Trace-Id: "u8, request.TraceHeader);
        Header(buffer, ref length, "Authorization: "u8, request.Authorization);
        Bytes(buffer, ref length, "Content-Length: "u8);
        Utf8Formatter.TryFormat(request.Payload.Length, buffer.AsSpan(length), out int digits);
        length += digits;
        Bytes(buffer, ref length, "\r\n\r\n"u8);
        Bytes(buffer, ref length, request.Payload.Span[..body]);
        return buffer;
    }

    private static void Header(byte[] buffer, ref int length, ReadOnlySpan<byte> name, string? value)
    {
        // What would begin a line of its own is not sent at all.
        if (value is null || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) return;
        Bytes(buffer, ref length, name);
        length += Encoding.ASCII.GetBytes(value, buffer.AsSpan(length));
        Bytes(buffer, ref length, "\r\n"u8);
    }

    private static void Bytes(byte[] buffer, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }
}
