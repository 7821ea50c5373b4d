using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>What holds of every response, whatever a function returned.</summary>
public sealed class ResultPropertyTests
{
    private const string NameCharacters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly PayloadFormat[] Formats = Enum.GetValues<PayloadFormat>();

    private static readonly string[] OfConnection =
        ["connection", "content-length", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

    private static readonly byte[][] Seeds = [.. ConformanceTable.Cases
        .Where(static row => row.Result is not null && row.Format != "stream").Select(static row => Encoding.UTF8.GetBytes(row.Result!))];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Gen<string> Visible = Gen.String[Gen.Char[' ', '~'], 0, 20];

    [Fact]
    public void A_response_comes_through_as_it_was_meant() => Gen.Select(
        Gen.Int[200, 599], Gen.Select(Gen.String[Gen.Char[NameCharacters], 1, 10], Visible, KeyValuePair.Create).Array[0, 6],
        Visible.Array[0, 3], Gen.OneOf(Gen.Byte.Array[0, 80], Gen.String[0, 40].Select(Encoding.UTF8.GetBytes)), Gen.Bool, Gen.Bool)
        .Sample(static (status, headers, cookies, body, base64, relaxed) =>
        {
            KeyValuePair<string, string>[] sent = [.. headers.DistinctBy(static header => header.Key), new("Content-Type", "a/b")];
            base64 |= !System.Text.Unicode.Utf8.IsValid(body);
            byte[] result = JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    statusCode = status,
                    headers = sent.ToDictionary(),
                    cookies,
                    body = base64 ? Convert.ToBase64String(body) : Encoding.UTF8.GetString(body),
                    isBase64Encoded = base64,
                },
                relaxed ? Relaxed : JsonSerializerOptions.Default);
            ProxyResponse response = ProxyResult.Read(result, PayloadFormat.Version2)!;
            Assert.Equal(status, response.StatusCode);
            Assert.Equal(cookies, response.Cookies);
            Assert.Equal(body, response.Body.ToArray());
            Assert.Equal(
                sent.Where(header => !OfConnection.Contains(header.Key)).Select(static header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value)),
                response.Headers);
        }, iter: 10_000);

    [Fact]
    public void Nothing_that_a_function_returns_becomes_more_than_one_response() =>
        Gen.Select(RequestGen.Of(Seeds), Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 3]).Array[1, 4]).Sample((seed, changes) =>
        {
            byte[] mutated = changes.Aggregate(seed, static (bytes, change) => Mutate(bytes, change.Item1, change.Item2, change.Item3));
            foreach (PayloadFormat format in Formats) AssertSound(mutated, format);
        }, iter: 15_000);

    [Fact]
    public void Members_of_any_kind_make_it_a_response_or_none() =>
        Gen.Select(Gen.Select(RequestGen.Of(MemberNames), RequestGen.Of(Values)).Array[1, 7], Gen.Bool).Sample(static (members, spaced) =>
        {
            string separator = spaced ? " ,\n" : ",";
            byte[] result = Encoding.UTF8.GetBytes($"{{{string.Join(separator, members.Select(static member => $"\"{member.Item1}\":{member.Item2}"))}}}");
            foreach (PayloadFormat format in Formats) AssertSound(result, format);
        }, iter: 15_000);

    [Fact]
    public void Bytes_of_any_kind_do_no_harm() => Gen.Byte.Array[0, 100].Sample(static bytes =>
    {
        foreach (PayloadFormat format in Formats) AssertSound(bytes, format);
    }, iter: 10_000);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Deep_nesting_costs_no_stack(string open, string close)
    {
        const int Depth = 200_000;
        string deep = string.Concat(Enumerable.Repeat(open, Depth)) + "1" + string.Concat(Enumerable.Repeat(close, Depth));
        byte[] alone = Encoding.UTF8.GetBytes(deep), inside = Encoding.UTF8.GetBytes($$"""{"x":{{deep}},"statusCode":201,"headers":{"a":"b"} }""");
        foreach (PayloadFormat format in (PayloadFormat[])[PayloadFormat.Version2, PayloadFormat.FunctionUrl])
        {
            Assert.Equal(alone, ProxyResult.Read(alone, format)!.Body.ToArray());
            Assert.Equal(201, ProxyResult.Read(inside, format)!.StatusCode);
        }
        foreach (string member in (string[])["headers", "multiValueHeaders", "cookies", "body", "statusCode", "isBase64Encoded"])
            foreach (PayloadFormat format in Formats) AssertSound(Encoding.UTF8.GetBytes($$"""{"statusCode":200,"{{member}}":{{deep}}}"""), format, meant: false);
    }

    private static string[] MemberNames { get; } =
        ["statusCode", "statusCode", "headers", "multiValueHeaders", "cookies", "body", "isBase64Encoded", "statusDescription", "other", "\\u0062ody"];

    private static string[] Values { get; } =
    [
        "200", "404", "\"201\"", "1e400", "-1", "12345678901234567890123", "0.5", "null", "true", "false", "\"\"", "\"AQID\"", "\"a\\r\\nb: c\"",
        "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "[]", "[1]", "[\"a=1\"]", "[\"a\\nb\"]", "[null]", "{}", "{\"x\":\"1\"}", "{\"x\":[\"1\",\"2\"]}",
        "{\"x\\n\":\"1\"}", "{\"x\":\"1\\r\\n\\r\\nHTTP/1.1 200 OK\"}", "{\"x\":{}}", "{\"Connection\":\"x\",\"x\":true}", "{\"x\":[\"a\\nb\"]}", "{\"\\ud800\":1}",
    ];

    private static byte[] Mutate(byte[] bytes, int place, byte value, int kind)
    {
        if (bytes.Length == 0) return [value];
        int at = place % bytes.Length;
        return kind switch
        {
            0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], value, .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[(at + 1)..]],
            _ => bytes[..at],
        };
    }

    // What is meant by deep nesting takes a reader of documents minutes to say.
    private static void AssertSound(byte[] result, PayloadFormat format, bool meant = true)
    {
        ProxyResponse? response = ProxyResult.Read(result, format, out string? problem);
        Assert.True(response is null ^ problem is null);
        if (response is null)
        {
            Assert.DoesNotContain(problem!, static character => character is < ' ' or > '~');
            return;
        }
        Assert.InRange(response.StatusCode, 200, 599);
        Assert.All(response.Headers, static header =>
        {
            Assert.NotEmpty(header.Key);
            Assert.DoesNotContain(header.Key, static character => !NameCharacters.Contains(character, StringComparison.Ordinal));
            Assert.DoesNotContain(header.Value, IsForbidden);
            Assert.DoesNotContain(header.Key, OfConnection);
        });
        Assert.All(response.Cookies, static cookie => Assert.DoesNotContain(cookie, IsForbidden));
        if (meant) AssertMeant(result, response, format);
    }

    // A reader of documents is the judge of what the function meant.
    private static void AssertMeant(byte[] result, ProxyResponse response, PayloadFormat format)
    {
        JsonElement meant;
        try
        {
            meant = JsonDocument.Parse(result, new JsonDocumentOptions { MaxDepth = int.MaxValue }).RootElement;
        }
        catch (JsonException)
        {
            Assert.True(format == PayloadFormat.Version2 || result.AsSpan().StartsWith("\uFEFF"u8), "only an HTTP API takes what is no JSON");
            return;
        }
        if (meant.ValueKind != JsonValueKind.Object || !meant.TryGetProperty("statusCode", out JsonElement status))
        {
            Assert.True(format is PayloadFormat.Version2 or PayloadFormat.FunctionUrl);
            Assert.Equal(200, response.StatusCode);
            if (meant.ValueKind != JsonValueKind.String) Assert.Equal(result, response.Body.ToArray());
            return;
        }
        Assert.Equal(status.ToString(), response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (!meant.TryGetProperty("body", out JsonElement body) || body.ValueKind == JsonValueKind.Null) Assert.True(response.Body.IsEmpty);
        else if (meant.TryGetProperty("isBase64Encoded", out JsonElement flag) && flag.ValueKind == JsonValueKind.True)
            Assert.Equal(body.GetBytesFromBase64(), response.Body.ToArray());
        else if (IsText(body, out string text)) Assert.Equal(text, Encoding.UTF8.GetString(response.Body.Span));
    }

    private static bool IsText(JsonElement body, out string text)
    {
        try
        {
            text = body.GetString()!;
            return true;
        }
        catch (InvalidOperationException) // half a surrogate pair, or bytes that are no UTF-8
        {
            text = "";
            return false;
        }
    }

    private static bool IsForbidden(char character) => character is (< ' ' and not '\t') or > '~';
}
