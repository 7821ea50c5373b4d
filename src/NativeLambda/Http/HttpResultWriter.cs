using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using NativeLambda.Json;

namespace NativeLambda.Http;

/// <summary>Writes a response as the JSON that API Gateway and function URLs expect.</summary>
internal static class HttpResultWriter
{
    public static void Write(HttpResponse response, IBufferWriter<byte> output)
    {
        Validate(response);

        // The reader is a JSON parser, not a browser: escaping more than JSON asks for only makes the payload longer.
        var options = new JsonWriterOptions { Encoder = JsonEscaping.ForParser, SkipValidation = true };
        using var writer = new Utf8JsonWriter(output, options);
        writer.WriteStartObject();
        writer.WriteNumber("statusCode"u8, response.StatusCode);
        if (response.Headers.Count > 0)
        {
            writer.WriteStartObject("headers"u8);
            foreach ((string name, string value) in response.Headers)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        if (response.Cookies.Count > 0)
        {
            writer.WriteStartArray("cookies"u8);
            foreach (string cookie in response.Cookies)
                writer.WriteStringValue(cookie);
            writer.WriteEndArray();
        }

        if (!response.Body.IsEmpty)
            WriteBody(writer, response);
        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, HttpResponse response)
    {
        ReadOnlySpan<byte> body = response.Body.Span;
        bool isText = IsText(response.Headers["content-type"]) && response.Headers["content-encoding"] is null && Utf8.IsValid(body);
        if (isText)
            writer.WriteString("body"u8, body);
        else
            writer.WriteBase64String("body"u8, body);
        writer.WriteBoolean("isBase64Encoded"u8, !isText);
    }

    private static bool IsText(string? contentType)
    {
        if (contentType is null)
            return false;
        ReadOnlySpan<char> type = contentType;
        int semicolon = type.IndexOf(';');
        if (semicolon >= 0 && type[semicolon..].Contains("charset", StringComparison.OrdinalIgnoreCase)
            && !type[semicolon..].Contains("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        type = (semicolon < 0 ? type : type[..semicolon]).Trim();
        return type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("xml", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/javascript", StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
    }

    private static void Validate(HttpResponse response)
    {
        if (response.StatusCode is < 200 or > 599)
            throw new InvalidResponseException($"The response has the status {response.StatusCode}: use 200 to 599.");
        foreach ((string name, string value) in response.Headers)
        {
            if (!IsToken(name))
                throw new InvalidResponseException("The response has a header whose name is not a token of RFC 9110.");
            if (!IsFieldValue(value))
                throw new InvalidResponseException($"The value of the response header '{name}' has line breaks, control characters or characters beyond ASCII: encode it.");
        }

        foreach (string cookie in response.Cookies)
        {
            if (!IsFieldValue(cookie))
                throw new InvalidResponseException("A cookie of the response has line breaks, control characters or characters beyond ASCII: encode it.");
        }
    }

    private static bool IsToken(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c))
                return false;
        }

        return name.Length > 0;
    }

    private static bool IsFieldValue(string value)
    {
        foreach (char c in value)
        {
            if (c is not ('\t' or (>= ' ' and <= '~')))
                return false;
        }

        return true;
    }
}
