using System.Text.Json;

namespace NativeLambda.Payloads.Results;

/// <summary>Reads one result, in one pass and without building a document. What it does not know it skips.</summary>
internal ref struct ResultReader
{
    /// <summary>What is no object, or says no status, of payload format 2.0 becomes a response of this type.</summary>
    private const string Json = "application/json";

    private readonly ReadOnlyMemory<byte> _payload;
    private readonly PayloadFormat _format;
    private Utf8JsonReader _json;
    private ResultHeaders _headers;
    private List<string>? _cookies;
    private int? _status;
    private bool _hasStatus;
    private ResultBody _body;
    private bool _isBase64;
    private string? _problem;

    private ResultReader(ReadOnlyMemory<byte> payload, PayloadFormat format)
    {
        _payload = payload;
        _format = format;
        _json = new Utf8JsonReader(payload.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
    }

    /// <summary>Reads a whole result.</summary>
    public static ProxyResponse? Read(ReadOnlyMemory<byte> payload, PayloadFormat format, out string? problem)
    {
        ReadOnlyMemory<byte> text = WithoutByteOrderMark(payload);
        var reader = new ResultReader(text, format);
        problem = null;
        try
        {
            return reader.ReadResult(out problem);
        }
        catch (JsonException e)
        {
            // An HTTP API looks for a status and, where it finds none, passes on whatever there is.
            if (format == PayloadFormat.Version2) return Inferred(payload);
            problem = NoJson(e);
            return null;
        }
    }

    /// <summary>Reads the head of a streamed result: an object as any other, without a body; without a status it is 200.</summary>
    public static ProxyResponse? ReadHead(ReadOnlyMemory<byte> head, out string? problem)
    {
        var reader = new ResultReader(head, PayloadFormat.FunctionUrl);
        try
        {
            reader._json.Read();
            if (reader._json.TokenType != JsonTokenType.StartObject)
            {
                problem = "the head of the stream is not a JSON object";
                return null;
            }
            reader.ReadMembers();
            if (!reader._hasStatus) reader._status = 200;
            problem = reader._problem;
            return problem is null ? new ProxyResponse(reader._status!.Value, reader._headers.Build(), reader._cookies ?? [], default) : null;
        }
        catch (JsonException e)
        {
            problem = NoJson(e);
            return null;
        }
    }

    // Load balancers take what they get at its word: no null, and no number or boolean for a string.
    private readonly bool IsLoadBalancer => _format is PayloadFormat.LoadBalancer or PayloadFormat.LoadBalancerMultiValue;

    private readonly bool IsVersion2 => _format is PayloadFormat.Version2 or PayloadFormat.FunctionUrl;

    private ProxyResponse? ReadResult(out string? problem)
    {
        _json.Read();
        bool isObject = _json.TokenType == JsonTokenType.StartObject;
        ResultBody whole = default;
        if (isObject) ReadMembers();
        else
        {
            whole = ResultBody.Of(_json);
            _json.Skip();
        }
        _json.Read(); // finds whatever follows the value
        problem = null;
        if (!_hasStatus && IsVersion2) return Inferred(whole.IsString ? whole.Text(_payload) : _payload);
        problem = isObject ? Problem() : "the result is not a JSON object";
        if (problem is not null) return null;
        ReadOnlyMemory<byte>? body = _body.Decode(_payload, _isBase64);
        if (body is null)
        {
            problem = "isBase64Encoded is true, but body is not base64";
            return null;
        }
        if (!body.Value.IsEmpty && !_headers.Contains("content-type")) _headers.Add("content-type", DefaultContentType());
        return new ProxyResponse(_status!.Value, _headers.Build(), _cookies ?? [], body.Value);
    }

    private void ReadMembers()
    {
        bool multiValue = _format is PayloadFormat.Version1 or PayloadFormat.LoadBalancerMultiValue;
        var merged = new ResultHeaders();
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (Take("statusCode"u8)) ReadStatus();
            else if (_format != PayloadFormat.LoadBalancerMultiValue && Take("headers"u8)) ReadHeaders();
            else if (multiValue && Take("multiValueHeaders"u8)) ReadMultiValueHeaders(ref merged);
            else if (IsVersion2 && Take("cookies"u8)) ReadCookies();
            else if (Take("isBase64Encoded"u8)) ReadFlag();
            else if (Take("body"u8)) ReadBody();
            else if (IsLoadBalancer && Take("statusDescription"u8))
            {
                if (_json.TokenType != JsonTokenType.String) Note("statusDescription is not a string");
                _json.Skip();
            }
            else
            {
                _json.Read();
                _json.Skip();
            }
        }
        if (multiValue) _headers.Merge(merged);
    }

    private bool Take(ReadOnlySpan<byte> name) => _json.ValueTextEquals(name) && _json.Read();

    private void ReadStatus()
    {
        _hasStatus = true;
        _status = StatusCode.Read(_json);
        if (_status is null) Note("statusCode is not a whole number from 200 to 599");
        _json.Skip();
    }

    private void ReadBody()
    {
        _body = ResultBody.Of(_json);
        if (!_body.IsString && (IsLoadBalancer || !_body.IsNull)) Note("body is not a string");
        _json.Skip();
    }

    private void ReadFlag()
    {
        _isBase64 = _json.TokenType == JsonTokenType.True;
        if (_json.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) Note("isBase64Encoded is not true or false");
        _json.Skip();
    }

    private void ReadHeaders()
    {
        _headers.Clear();
        if (!StartObject("headers is not an object")) return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string? name = ReadName();
            _json.Read();
            AddHeader(ref _headers, name, "headers has a value that cannot be one");
        }
    }

    private void ReadMultiValueHeaders(ref ResultHeaders merged)
    {
        merged.Clear();
        if (!StartObject("multiValueHeaders is not an object")) return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string? name = ReadName();
            _json.Read();
            if (_json.TokenType == JsonTokenType.Null) continue;
            if (_json.TokenType != JsonTokenType.StartArray)
            {
                Note("multiValueHeaders has a value that is not an array");
                _json.Skip();
                continue;
            }
            while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                AddHeader(ref merged, name, "multiValueHeaders has a value that cannot be one");
        }
    }

    private string? ReadName()
    {
        string? name = JsonBytes.Read(_json, HeaderText.Name);
        if (name is null) Note("a header's name has a character that HTTP does not allow there");
        return name;
    }

    /// <summary>Adds the value that the reader stands at; null says that there is no header.</summary>
    private void AddHeader(ref ResultHeaders headers, string? name, string notAValue)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.String:
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when !IsLoadBalancer:
                string? value = JsonBytes.Read(_json, HeaderText.Value);
                if (value is null) Note("a header's value has a character that HTTP does not allow there");
                else if (name is not null) headers.Add(name, value);
                break;
            case JsonTokenType.Null when !IsLoadBalancer:
                break;
            default:
                Note(notAValue);
                _json.Skip();
                break;
        }
    }

    private void ReadCookies()
    {
        _cookies = null;
        if (_json.TokenType == JsonTokenType.Null) return;
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            Note("cookies is not an array");
            _json.Skip();
            return;
        }
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            string? cookie = _json.TokenType == JsonTokenType.String ? JsonBytes.Read(_json, HeaderText.Value) : null;
            if (cookie is null) Note("cookies has a value that is not a string, or that HTTP does not allow");
            else (_cookies ??= new(2)).Add(cookie);
            _json.Skip();
        }
    }

    private bool StartObject(string otherwise)
    {
        if (_json.TokenType == JsonTokenType.StartObject) return true;
        if (_json.TokenType != JsonTokenType.Null) Note(otherwise);
        _json.Skip();
        return false;
    }

    // The first mistake is told. Whether any counts is known at the end: without a status, an object of format 2.0 means itself.
    private void Note(string problem) => _problem ??= problem;

    private readonly string? Problem() => _problem ?? (_hasStatus ? null : "the result has no statusCode");

    private readonly string DefaultContentType() => _format switch
    {
        PayloadFormat.FunctionUrl => Json,
        PayloadFormat.LoadBalancer or PayloadFormat.LoadBalancerMultiValue => "application/octet-stream",
        _ => "text/plain; charset=utf-8",
    };

    private static ProxyResponse Inferred(ReadOnlyMemory<byte> body) => new(200, [new("content-type", Json)], [], body);

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> payload) =>
        payload.Span.StartsWith("\uFEFF"u8) ? payload[3..] : payload;

    private static string NoJson(JsonException e) => $"the result is not JSON (byte {e.BytePositionInLine} of line {e.LineNumber})";
}
