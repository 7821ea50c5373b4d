using CsCheck;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>Requests of any shape that an HTTP server lets through, and of shapes that none would.</summary>
internal static class RequestGen
{
    /// <summary>One of these.</summary>
    public static Gen<T> Of<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(index => items[index]);

    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly string[] Names =
        ["cookie", "Cookie", "x-a", "X-A", "host", "Connection", "TE", "content-encoding", "X-Forwarded-For", "x-forwarded-port", "user-agent", "Accept"];

    private static readonly string[] Types = ["text/plain", "application/json; charset=utf-8", "image/png", "application/x-www-form-urlencoded", ""];

    private static readonly Gen<string> Token = Gen.String[Gen.Char[TokenCharacters], 1, 12];

    private static readonly Gen<string> Name = Gen.Frequency((3, Of(Names)), (2, Token));

    // What HTTP allows in a value, Latin-1 included, without the blanks at its ends, which are not its own.
    private static readonly Gen<string> Value = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\u00a0', '\u00ff'], Gen.Char[";=,\t\"\\"]), 0, 24]
        .Select(static text => text.Trim(' ', '\t'));

    private static readonly Gen<string> Encoded = Gen.OneOf(
        Gen.String[Gen.Char["abc/.-_~!$'()*,;:@&=+"], 0, 8],
        Gen.String[0, 6].Select(static text => Uri.EscapeDataString(text)),
        Of("%", "%zz", "%2", "%FF", "%C3%A9", "%00", "%0A", "%2F", "%25"));

    private static readonly Gen<string> Text = Encoded.Array[0, 5].Select(static parts => string.Concat(parts));

    private static readonly Gen<KeyValuePair<string, string>> Header = Gen.Select(Name, Value, KeyValuePair.Create);

    private static readonly Gen<byte[]> Body = Gen.OneOf(
        Gen.Byte.Array[0, 64], Gen.String[0, 40].Select(static text => System.Text.Encoding.UTF8.GetBytes(text)), Gen.Const(Array.Empty<byte>()));

    /// <summary>Requests as an HTTP server hands them over.</summary>
    public static Gen<ProxyRequest> Http { get; } = Gen.Select(
        Gen.OneOf(Of("GET", "POST", "HEAD"), Token), Text, Text, Header.Array[0, 40], Body, Of(Types),
        static (method, path, query, headers, body, type) => Requests.Get with
        {
            Method = method,
            RawPath = "/" + path,
            RawQuery = query,
            Headers = [.. headers, new("Content-Type", type)],
            Body = body,
        });

    // Any UTF-16 at all, halves of surrogate pairs and control characters included.
    private static readonly Gen<string> Anything = Gen.String[Gen.Char, 0, 20];

    /// <summary>Requests with any text everywhere but in the names of headers.</summary>
    public static Gen<ProxyRequest> Wild { get; } = Gen.Select(
        Http, Anything.Array[12], Gen.Select(Token, Anything, KeyValuePair.Create).Array[0, 5], Gen.Bool,
        static (request, text, headers, flag) => request with
        {
            Method = text[0],
            RawPath = text[1],
            RawQuery = text[2],
            Protocol = text[3],
            SourceIp = text[4],
            Host = text[5],
            RequestId = text[6],
            RouteKey = text[7],
            Stage = text[8],
            AccountId = text[9],
            ApiId = flag ? text[10] : null,
            TraceHeader = flag ? text[11] : null,
            Scheme = text[0],
            TargetGroupArn = text[1],
            DecodePath = flag,
            Headers = [.. request.Headers, .. headers],
            PathParameters = new Dictionary<string, string> { [text[2].Replace('\ud800', ' ')] = text[3] },
            StageVariables = new SortedDictionary<string, string> { ["a"] = text[4], ["b"] = text[5] },
            Jwt = flag ? new JwtIdentity(new Dictionary<string, string> { ["sub"] = text[6] }, [text[7], text[8]]) : null,
        });
}
