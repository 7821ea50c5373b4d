using System.Buffers;
using NativeLambda.Runtime;

namespace NativeLambda.Http;

/// <summary>HTTP events in, HTTP results out: payload format 2.0 of API Gateway HTTP APIs and function URLs.</summary>
/// <remarks>
/// Read and written by hand, in one pass and without a serializer: the event is 1–2 KB of which a handler needs a third, and a
/// serializer would build its metadata before the first request of every cold start.
/// </remarks>
internal static class HttpEvents
{
    /// <summary>Reads an event.</summary>
    /// <param name="payload">The event; the body of the request may share its memory.</param>
    /// <exception cref="InvalidEventException">It is anything but an HTTP event in payload format 2.0.</exception>
    public static HttpRequest Parse(ReadOnlyMemory<byte> payload) => new HttpEventReader(payload).Read();

    /// <summary>Writes a result.</summary>
    /// <param name="response">The response of the handler.</param>
    /// <param name="output">Where it goes.</param>
    /// <exception cref="InvalidResponseException">HTTP does not allow the response; nothing was written.</exception>
    public static void Write(HttpResponse response, IBufferWriter<byte> output) => HttpResultWriter.Write(response, output);
}
