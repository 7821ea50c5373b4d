using System.Globalization;
using System.Text;
using NativeLambda.Emulator.Api;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>The bytes that the faulty Lambda answers with.</summary>
internal static class FaultAnswers
{
    private const string Integration = "application/vnd.awslambda.http-integration-response";

    /// <summary>The text that the client must get, and nobody else: it names the request.</summary>
    public static string BodyFor(string path) => $"this is for {path}";

    public static bool EndsConnection(FaultKind kind) =>
        kind is FaultKind.Garbage or FaultKind.Half or FaultKind.StreamCut or FaultKind.StreamCorrupt;

    public static byte[] Of(FaultKind kind, string path) => kind switch
    {
        FaultKind.FunctionError => Whole(200, "{\"errorMessage\":\"it failed\",\"errorType\":\"Error\"}", "X-Amz-Function-Error: Unhandled"),
        FaultKind.Throttled => Whole(429, "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\",\"Type\":\"User\",\"message\":\"Rate Exceeded.\"}", "x-amzn-ErrorType: TooManyRequestsException"),
        FaultKind.ServiceError => Whole(500, "{\"Type\":\"Service\",\"Message\":\"internal\"}", "x-amzn-ErrorType: ServiceException"),
        FaultKind.BadResult => Whole(200, "{\"statusCode\":\"x\",\"headers\":7}"),
        FaultKind.Garbage => Encoding.Latin1.GetBytes("\0\u0001\u0002 this is no HTTP at all\r\n\r\n\r\n"),
        FaultKind.Half => [.. Whole(200, Result(path)).SkipLast(20)],
        FaultKind.Oversized => Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n{"),
        FaultKind.Pieces => Chunked(200, "application/json", Encoding.UTF8.GetBytes(Result(path)).Chunk(5)),
        FaultKind.Stream => Chunked(200, "application/vnd.amazon.eventstream", [Prelude(path), Chunk(path, 0), Chunk(path, 1), Complete("{}")], Integration),
        FaultKind.StreamCut => [.. Chunked(200, "application/vnd.amazon.eventstream", [Prelude(path), Chunk(path, 0), Chunk(path, 1)], Integration).SkipLast(30)],
        FaultKind.StreamCorrupt => Chunked(200, "application/vnd.amazon.eventstream", [Prelude(path), Chunk(path, 0), Corrupt(Chunk(path, 1)), Complete("{}")], Integration),
        FaultKind.StreamFailed => Chunked(200, "application/vnd.amazon.eventstream", [Prelude(path), Chunk(path, 0), Complete("{\"ErrorCode\":\"Function.Error\",\"ErrorDetails\":\"it failed\"}")], Integration),
        _ => Whole(200, Result(path)),
    };

    private static string Result(string path) =>
        $"{{\"statusCode\":200,\"headers\":{{\"content-type\":\"text/plain\"}},\"body\":\"{BodyFor(path)}\"}}";

    private static byte[] Whole(int status, string body, string? header = null) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nx-amzn-RequestId: r\r\n{(header is null ? "" : header + "\r\n")}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private static byte[] Chunked(int status, string contentType, IEnumerable<byte[]> chunks, string? remapped = null)
    {
        var bytes = new List<byte>(Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status} X\r\nContent-Type: {contentType}\r\nx-amzn-RequestId: r\r\n{(remapped is null ? "" : $"X-Amzn-Remapped-Content-Type: {remapped}\r\n")}Transfer-Encoding: chunked\r\n\r\n"));
        foreach (byte[] chunk in chunks)
        {
            bytes.AddRange(Encoding.Latin1.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            bytes.AddRange(chunk);
            bytes.AddRange("\r\n"u8);
        }
        bytes.AddRange("0\r\n\r\n"u8);
        return [.. bytes];
    }

    /// <summary>The head of a streamed response: JSON, and eight zeros.</summary>
    private static byte[] Prelude(string path) => Message("PayloadChunk", [.. "{\"statusCode\":200,\"headers\":{\"content-type\":\"text/plain\"}}"u8, .. new byte[8], .. Encoding.UTF8.GetBytes(BodyFor(path)[..5])]);

    private static byte[] Chunk(string path, int half) =>
        Message("PayloadChunk", Encoding.UTF8.GetBytes(half == 0 ? BodyFor(path)[5..8] : BodyFor(path)[8..]));

    private static byte[] Complete(string json) => Message("InvokeComplete", Encoding.UTF8.GetBytes(json));

    private static byte[] Corrupt(byte[] message)
    {
        message[^6] ^= 1;
        return message;
    }

    private static byte[] Message(string type, byte[] payload) => EventStreamMessage.OfEvent(type, "application/octet-stream", payload);
}
