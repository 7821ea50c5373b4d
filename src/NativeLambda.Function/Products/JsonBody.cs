using System.Text.Json;
using System.Text.Unicode;
using NativeLambda.Http;

namespace NativeLambda.Function.Products;

/// <summary>
/// Reads a request body that is one JSON object of known members, each at most once; whatever is wrong with it is a problem that
/// names the member. Unknown members are refused: they are mistyped ones more often than harmless ones.
/// </summary>
/// <remarks>By hand, because a serializer's exceptions name neither unknown members nor limits in words that a client may see.</remarks>
internal ref struct JsonBody
{
    private const int MaxBytes = 1024 * 1024;
    private const string BodyField = "body";

    private Utf8JsonReader _json;
    private int _seen;

    private JsonBody(ReadOnlySpan<byte> body) => _json = new Utf8JsonReader(body);

    /// <summary>Opens the body of a request.</summary>
    /// <exception cref="HttpProblemException">415, 413 or 400: it is not JSON, is too long, or is not an object.</exception>
    public static JsonBody Open(HttpRequest request)
    {
        if (!IsJson(request.Headers["content-type"]) || request.Headers["content-encoding"] is not (null or "identity"))
            throw new HttpProblemException(415, "The body must be application/json in UTF-8, without a content encoding.", "content-type");
        if (request.Body.Length > MaxBytes)
            throw new HttpProblemException(413, $"The body must not be longer than {MaxBytes} bytes.", BodyField);
        if (request.Body.IsEmpty)
            throw new HttpProblemException(400, "The body is empty: a JSON object was expected.", BodyField);
        if (!Utf8.IsValid(request.Body.Span))
            throw new HttpProblemException(400, "The body is not valid UTF-8.", BodyField);
        var body = new JsonBody(request.Body.Span);
        body.Advance();
        if (body._json.TokenType != JsonTokenType.StartObject)
            throw new HttpProblemException(400, "The body must be a JSON object.", BodyField);
        return body;
    }

    /// <summary>Goes to the next member; its value is then the current one.</summary>
    /// <param name="known">The names that are allowed, at most 31.</param>
    /// <param name="name">The name of the member, out of <paramref name="known"/>.</param>
    /// <returns>Whether there is one.</returns>
    public bool NextMember(scoped ReadOnlySpan<string> known, out string name)
    {
        name = "";
        Advance();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            // Finds whatever follows the object.
            Advance();
            return false;
        }

        string member = Text(BodyField);
        int index = known.IndexOf(member);
        if (index < 0)
            throw new HttpProblemException(400, $"The body must have no other members than {string.Join(", ", known!)}.", Shorten(member));
        if ((_seen & (1 << index)) != 0)
            throw new HttpProblemException(400, $"The body has '{member}' twice.", member);
        _seen |= 1 << index;
        name = member;
        Advance();
        return true;
    }

    /// <summary>The current value, a string.</summary>
    public readonly string String(string field) => _json.TokenType == JsonTokenType.String
        ? Text(field)
        : throw new HttpProblemException(400, $"The {field} must be a string.", field);

    /// <summary>The text of the current value, a number.</summary>
    public readonly ReadOnlySpan<byte> Number(string field) => _json.TokenType == JsonTokenType.Number
        ? _json.ValueSpan
        : throw new HttpProblemException(400, $"The {field} must be a number.", field);

    public static HttpProblemException Missing(string field) => new(400, $"The body must have the member '{field}'.", field);

    private void Advance()
    {
        try
        {
            _json.Read();
        }
        catch (JsonException e)
        {
            throw new HttpProblemException(400, $"The body is not JSON: see byte {e.BytePositionInLine} of line {e.LineNumber}.", BodyField);
        }
    }

    private readonly string Text(string field)
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for an escaped half of a surrogate pair: the type of the token was checked.
            throw new HttpProblemException(400, $"The {field} is not valid Unicode.", field);
        }
    }

    private static string Shorten(string member) => member.Length <= 64 ? member : BodyField;

    /// <summary>A body without a content type is taken for JSON, too.</summary>
    private static bool IsJson(string? contentType)
    {
        if (contentType is null)
            return true;
        string[] parts = contentType.Split(';', StringSplitOptions.TrimEntries);
        if (!parts[0].Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (string parameter in parts.AsSpan(1))
        {
            if (parameter.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
                && !parameter["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }
}
