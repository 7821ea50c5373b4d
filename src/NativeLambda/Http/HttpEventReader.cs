using System.Text.Json;
using System.Text.Unicode;
using NativeLambda.Runtime;

namespace NativeLambda.Http;

/// <summary>Reads one event. What it does not know it skips, so that AWS may add members.</summary>
internal ref struct HttpEventReader
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly HttpHeaders _headers = [];
    private Utf8JsonReader _json;
    private Utf8JsonReader _body;
    private bool _hasBody;
    private bool _isBase64;
    private string? _version;
    private string? _method;
    private string? _rawPath;
    private string? _contextPath;
    private string? _rawQueryString;
    private string? _sourceIp;
    private string? _stage;
    private List<string>? _cookies;
    private HttpRequestContext _context = new();
    private bool _looksLikePayload1;
    private bool _looksLikeLoadBalancer;

    public HttpEventReader(ReadOnlyMemory<byte> payload)
    {
        _payload = payload;
        _json = new Utf8JsonReader(payload.Span);
    }

    public HttpRequest Read()
    {
        if (_payload.IsEmpty)
            throw new InvalidEventException("The event is empty: an HTTP event in payload format 2.0 was expected.");
        if (!Utf8.IsValid(_payload.Span))
            throw new InvalidEventException("The event is not valid UTF-8.");
        try
        {
            ReadEvent();
            return Finish();
        }
        catch (JsonException e)
        {
            throw new InvalidEventException($"The event is not JSON (byte {e.BytePositionInLine} of line {e.LineNumber}).", e);
        }
        catch (InvalidOperationException e)
        {
            // Token types are checked before each read, so the only reason left is an escaped half of a surrogate pair.
            throw new InvalidEventException("The event has a string that is not valid Unicode.", e);
        }
    }

    private void ReadEvent()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
            throw new InvalidEventException("The event is JSON, but not an object: an HTTP event in payload format 2.0 was expected.");
        while (NextMember())
        {
            if (TakeMember("version"u8))
                _version = Text("version");
            else if (TakeMember("rawPath"u8))
                _rawPath = Text("rawPath");
            else if (TakeMember("rawQueryString"u8))
                _rawQueryString = Text("rawQueryString");
            else if (TakeMember("headers"u8))
                ReadHeaders();
            else if (TakeMember("cookies"u8))
                ReadCookies();
            else if (TakeMember("requestContext"u8))
                ReadContext();
            else if (TakeMember("body"u8))
                TakeBody();
            else if (TakeMember("isBase64Encoded"u8))
                _isBase64 = Flag("isBase64Encoded");
            else if (TakeMember("httpMethod"u8))
                _looksLikePayload1 = SkipValue();
            else
                SkipMember();
        }

        // Finds whatever follows the object.
        _json.Read();
    }

    private void ReadContext()
    {
        if (!StartObject("requestContext"))
            return;
        while (NextMember())
        {
            if (TakeMember("http"u8))
                ReadContextHttp();
            else if (TakeMember("stage"u8))
                _stage = Text("requestContext.stage");
            else if (TakeMember("requestId"u8))
                _context = _context with { RequestId = Text("requestContext.requestId") ?? "" };
            else if (TakeMember("domainName"u8))
                _context = _context with { DomainName = Text("requestContext.domainName") ?? "" };
            else if (TakeMember("routeKey"u8))
                _context = _context with { RouteKey = Text("requestContext.routeKey") ?? "" };
            else if (TakeMember("timeEpoch"u8))
                _context = _context with { TimeUnixMs = Number("requestContext.timeEpoch") };
            else if (TakeMember("authorizer"u8))
                _context = _context with { AuthorizerJson = RawValue() };
            else if (TakeMember("elb"u8))
                _looksLikeLoadBalancer = SkipValue();
            else
                SkipMember();
        }
    }

    private void ReadContextHttp()
    {
        if (!StartObject("requestContext.http"))
            return;
        while (NextMember())
        {
            if (TakeMember("method"u8))
                _method = Text("requestContext.http.method");
            else if (TakeMember("path"u8))
                _contextPath = Text("requestContext.http.path");
            else if (TakeMember("sourceIp"u8))
                _sourceIp = Text("requestContext.http.sourceIp");
            else
                SkipMember();
        }
    }

    private void ReadHeaders()
    {
        if (!StartObject("headers"))
            return;
        while (NextMember())
        {
            string name = _json.GetString()!;
            _json.Read();
            if (Text("headers") is { } value)
                _headers[name] = value;
        }
    }

    private void ReadCookies()
    {
        if (_json.TokenType == JsonTokenType.Null)
            return;
        if (_json.TokenType != JsonTokenType.StartArray)
            throw WrongType("cookies", "an array");
        _cookies = [];
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (Text("cookies") is { } cookie)
                _cookies.Add(cookie);
        }
    }

    private readonly HttpRequest Finish()
    {
        if (_version != "2.0")
            throw WrongVersion();
        if (string.IsNullOrEmpty(_method))
            throw new InvalidEventException("The event has no requestContext.http.method: an HTTP event in payload format 2.0 was expected.");
        return new HttpRequest
        {
            Method = _method,
            Path = Path(),
            RawQueryString = _rawQueryString ?? "",
            Headers = _headers,
            Cookies = _cookies ?? [],
            Body = Body(),
            SourceIp = _sourceIp ?? "",
            Stage = _stage ?? "$default",
            Context = _context,
        };
    }

    private readonly string Path()
    {
        string path = _rawPath ?? _contextPath ?? "";
        if (path.Length == 0)
            path = "/";
        if (path[0] != '/')
            throw new InvalidEventException("The event's rawPath does not start with a slash.");

        // A named stage is the first segment of the path, except for a client that comes through a custom domain.
        if (_stage is { Length: > 0 } and not "$default" && path.AsSpan(1).StartsWith(_stage)
            && (path.Length == _stage.Length + 1 || path[_stage.Length + 1] == '/'))
        {
            path = path.Length == _stage.Length + 1 ? "/" : path[(_stage.Length + 1)..];
        }

        // Function URLs leave the path as the client encoded it; HTTP APIs have decoded it, so that a percent sign stands for
        // itself. Encoding it again keeps the router from decoding twice. Not documented by AWS, but what its services do.
        return _context.DomainName.Contains(".execute-api.", StringComparison.OrdinalIgnoreCase) ? path.Replace("%", "%25", StringComparison.Ordinal) : path;
    }

    private readonly ReadOnlyMemory<byte> Body()
    {
        if (!_hasBody)
            return default;
        if (_isBase64)
        {
            return _body.TryGetBytesFromBase64(out byte[]? decoded)
                ? decoded
                : throw new InvalidEventException("The event's body is not valid base64, although isBase64Encoded is true.");
        }

        if (!_body.ValueIsEscaped)
            return _payload.Slice((int)_body.TokenStartIndex + 1, _body.ValueSpan.Length);
        byte[] unescaped = new byte[_body.ValueSpan.Length];
        return unescaped.AsMemory(0, _body.CopyString(unescaped));
    }

    private readonly InvalidEventException WrongVersion()
    {
        if (_looksLikeLoadBalancer)
            return new InvalidEventException("The event comes from an Application Load Balancer, whose events are not supported: use a function URL or an API Gateway HTTP API.");
        if (_version == "1.0" || _looksLikePayload1)
            return new InvalidEventException("The event has payload format 1.0: use an HTTP API whose integration has payloadFormatVersion 2.0, or a function URL; REST APIs are not supported.");
        return new InvalidEventException(_version is null
            ? "The event has no version: an HTTP event in payload format 2.0 was expected. For other events, use a handler of JSON events."
            : "The event's version is not 2.0: an HTTP event in payload format 2.0 was expected.");
    }

    private bool NextMember() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the member has this name; if so, its value is the current token.</summary>
    private bool TakeMember(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name) && _json.Read();

    private void SkipMember()
    {
        _json.Read();
        _json.Skip();
    }

    private bool SkipValue()
    {
        _json.Skip();
        return true;
    }

    private readonly bool StartObject(string member) => _json.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw WrongType(member, "an object"),
    };

    private readonly string? Text(string member) => _json.TokenType switch
    {
        JsonTokenType.String => _json.GetString(),
        JsonTokenType.Null => null,
        _ => throw WrongType(member, "a string"),
    };

    private readonly bool Flag(string member) => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw WrongType(member, "true or false"),
    };

    private readonly long Number(string member) =>
        _json.TokenType == JsonTokenType.Null ? 0
        : _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out long value) ? value
        : throw WrongType(member, "a whole number");

    private void TakeBody()
    {
        _hasBody = _json.TokenType switch
        {
            JsonTokenType.String => true,
            JsonTokenType.Null => false,
            _ => throw WrongType("body", "a string"),
        };
        _body = _json;
    }

    private ReadOnlyMemory<byte> RawValue()
    {
        if (_json.TokenType == JsonTokenType.Null)
            return default;
        int start = (int)_json.TokenStartIndex;
        _json.Skip();

        // Copied: unlike a body it is small, and likely to be kept.
        return _payload[start..(int)_json.BytesConsumed].ToArray();
    }

    private static InvalidEventException WrongType(string member, string expected) => new($"The event's {member} is not {expected}.");
}
