using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NativeLambda.Json;

namespace NativeLambda.Http;

/// <summary>An HTTP response, written as an API Gateway HTTP API result (payload format 2.0).</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response">Lambda
/// function response for format 2.0</see>.
/// </remarks>
public sealed record HttpResponse
{
    /// <summary>The status, 200 to 599; 200 by default.</summary>
    public int StatusCode { get; init; } = 200;

    /// <summary>The header fields. A name must be a token, a value printable ASCII: anything else is refused when it is written.</summary>
    public HttpHeaders Headers { get; init; } = [];

    /// <summary>The cookies to set, each a whole <c>Set-Cookie</c> value.</summary>
    public IReadOnlyList<string> Cookies { get; init; } = [];

    /// <summary>The body; sent as text where its content type says so and it is valid UTF-8, as base64 otherwise.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>A JSON response.</summary>
    /// <param name="statusCode">The status.</param>
    /// <param name="value">What to write.</param>
    /// <param name="typeInfo">How to write it: from a source-generated <c>JsonSerializerContext</c>.</param>
    public static HttpResponse Json<T>(int statusCode, T value, JsonTypeInfo<T> typeInfo) =>
        Create(statusCode, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, typeInfo));

    /// <summary>A JSON response that is written by hand: the cheapest at a cold start, for there is no metadata to build.</summary>
    /// <remarks>
    /// In strings, characters beyond ASCII and those that HTML gives a meaning to (<c>&lt; &gt; &amp; ' " + `</c>) are escaped, as by the
    /// default of System.Text.Json.
    /// </remarks>
    /// <param name="statusCode">The status.</param>
    /// <param name="value">What to write.</param>
    /// <param name="write">Writes it, as one JSON value.</param>
    public static HttpResponse Json<T>(int statusCode, T value, Action<Utf8JsonWriter, T> write) =>
        Create(statusCode, "application/json", WriteJson(value, write));

    /// <summary>A plain text response in UTF-8.</summary>
    /// <param name="statusCode">The status.</param>
    /// <param name="text">The body.</param>
    public static HttpResponse Text(int statusCode, string text) =>
        Create(statusCode, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    /// <summary>A 204 without a body.</summary>
    public static HttpResponse NoContent() => new() { StatusCode = 204 };

    /// <summary>A problem as <c>application/problem+json</c>, with the status of the problem.</summary>
    /// <param name="problem">The problem.</param>
    public static HttpResponse Problem(ProblemDetails problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return Create(problem.Status, ProblemDetails.ContentType, WriteJson(problem, static (writer, value) => value.WriteTo(writer)));
    }

    /// <summary>The same response with one more header field; a field of that name is replaced.</summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="value">Its value.</param>
    public HttpResponse WithHeader(string name, string value) => this with { Headers = Headers.With(name, value) };

    /// <summary>The same response without its body, as a HEAD request is answered.</summary>
    public HttpResponse WithoutBody() => Body.IsEmpty ? this : this with { Body = default };

    private static HttpResponse Create(int statusCode, string contentType, ReadOnlyMemory<byte> body) => new()
    {
        StatusCode = statusCode,
        Headers = new HttpHeaders { ["content-type"] = contentType },
        Body = body,
    };

    private static ReadOnlyMemory<byte> WriteJson<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, JsonEscaping.ForAnyReader.Options))
            write(writer, value);
        return buffer.WrittenMemory;
    }
}
