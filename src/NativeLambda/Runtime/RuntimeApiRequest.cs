using System.Globalization;
using System.Text;
using System.Text.Json;
using NativeLambda.Json;

namespace NativeLambda.Runtime;

/// <summary>The bytes of one request: the head and, where it is short, the body behind it, so that both leave in one send.</summary>
internal sealed class RuntimeApiRequest(RuntimeApiEndpoint endpoint)
{
    /// <summary>Up to this length a body is copied behind its head; beyond it a second send costs less than the copy.</summary>
    private const int LongestCopiedBody = 16 * 1024;
    private const int LongestHeaderValue = 256;
    private const int LongestErrorMessage = 32 * 1024;

    private readonly ByteBuffer _head = new(firstSize: 1024, keepSize: 2 * LongestCopiedBody);
    private readonly ByteBuffer _errorBody = new(firstSize: 1024, keepSize: 2 * LongestCopiedBody);

    /// <summary>The first send.</summary>
    public ReadOnlyMemory<byte> First => _head.Written;

    /// <summary>The second send, or nothing.</summary>
    public ReadOnlyMemory<byte> Second { get; private set; }

    public void Get(string path)
    {
        Start("GET ", path);
        Append("\r\n");
    }

    /// <summary>With a header more.</summary>
    public void Get(string path, string header, string value)
    {
        Start("GET ", path);
        AppendHeader(header, value);
        Append("\r\n");
    }

    public void Post(string path, ReadOnlyMemory<byte> body)
    {
        Start("POST ", path);
        Finish(body);
    }

    /// <summary>With a header more.</summary>
    public void Post(string path, ReadOnlyMemory<byte> body, string header, string value)
    {
        Start("POST ", path);
        AppendHeader(header, value);
        Finish(body);
    }

    public void Post(string path, FunctionError error)
    {
        _errorBody.Clear();
        using (var json = new Utf8JsonWriter(_errorBody, JsonEscaping.ForAnyReader.Options))
        {
            string message = error.ErrorMessage;
            json.WriteStartObject();
            json.WriteString("errorMessage"u8, message.AsSpan(0, Math.Min(message.Length, LongestErrorMessage)));
            json.WriteString("errorType"u8, error.ErrorType);
            json.WriteStartArray("stackTrace"u8);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Start("POST ", path);
        AppendHeader(RuntimeApiHeaders.FunctionErrorType, error.ErrorType);
        Finish(_errorBody.Written);
    }

    /// <summary>Lets go of the body that was passed in.</summary>
    public void Release() => Second = default;

    private void Start(string method, string path)
    {
        _head.Clear();
        Second = default;
        Append(method);
        Append(path);
        Append(" HTTP/1.1\r\nHost: ");
        Append(endpoint.Authority);
        Append("\r\nUser-Agent: " + RuntimeApiHeaders.UserAgent + "\r\n");
    }

    private void Finish(ReadOnlyMemory<byte> body)
    {
        Append("Content-Type: application/json\r\nContent-Length: ");
        Span<byte> digits = stackalloc byte[10];
        body.Length.TryFormat(digits, out int count, default, CultureInfo.InvariantCulture);
        _head.Append(digits[..count]);
        Append("\r\n\r\n");
        if (body.Length <= LongestCopiedBody)
            _head.Append(body.Span);
        else
            Second = body;
    }

    private void AppendHeader(string name, string value)
    {
        Append(name);
        Append(": ");
        AppendHeaderValue(value);
        Append("\r\n");
    }

    private void Append(string ascii) => _head.Advance(Encoding.ASCII.GetBytes(ascii, _head.GetSpan(ascii.Length)));

    /// <summary>A header cannot carry what is not visible ASCII, and must not carry a line end.</summary>
    private void AppendHeaderValue(string text)
    {
        int length = Math.Min(text.Length, LongestHeaderValue);
        Span<byte> value = _head.GetSpan(length);
        for (int i = 0; i < length; i++)
            value[i] = text[i] is > ' ' and <= '~' ? (byte)text[i] : (byte)'_';
        _head.Advance(length);
    }
}
