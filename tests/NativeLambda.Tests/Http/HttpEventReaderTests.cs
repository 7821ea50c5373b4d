using System.Text;
using CsCheck;
using NativeLambda.Http;
using NativeLambda.Runtime;

namespace NativeLambda.Tests.Http;

public sealed class HttpEventReaderTests
{
    [Fact]
    public void Every_documented_member_is_read()
    {
        HttpRequest request = HttpEvents.Parse(Encoding.UTF8.GetBytes(HttpEventSamples.Full));

        Assert.Equal("POST", request.Method);
        Assert.Equal("/products/p%2F1", request.Path);
        Assert.Equal("5", request.Query["limit"]);
        Assert.Equal(["a,b", "c d"], request.Query.GetAll("tag"));
        Assert.Equal("", request.Query["empty"]);
        Assert.Equal("", request.Query["flag"]);
        Assert.Null(request.Query["absent"]);
        Assert.Equal("application/json", request.Headers["content-TYPE"]);
        Assert.Equal("a/b,c/d", request.Headers["Accept"]);
        Assert.Equal(["session=1", "theme=dark"], request.Cookies);
        Assert.Equal("192.0.2.1", request.SourceIp);
        Assert.Equal("$default", request.Stage);
        Assert.Equal("req-1", request.Context.RequestId);
        Assert.Equal("id.lambda-url.eu-west-1.on.aws", request.Context.DomainName);
        Assert.Equal("POST /products/{id}", request.Context.RouteKey);
        Assert.Equal(1583348638390, request.Context.TimeUnixMs);
        Assert.Equal("""{"jwt": {"claims": {"sub": "alice"}, "scopes": ["read"]}}""", Encoding.UTF8.GetString(request.Context.AuthorizerJson.Span));
        Assert.Equal("""{"name":"café"}""", Encoding.UTF8.GetString(request.Body.Span));
    }

    [Fact]
    public void A_body_of_base64_is_decoded_wherever_the_flag_stands()
    {
        byte[] after = HttpEventSamples.Event("\"AAH\\u002F/w==\"", isBase64: true);
        Assert.Equal(new byte[] { 0, 1, 0xff, 0xff }, HttpEvents.Parse(after).Body.ToArray());
        string before = "{\"isBase64Encoded\":true," + Encoding.UTF8.GetString(after)[1..].Replace(",\"isBase64Encoded\":true", "", StringComparison.Ordinal);
        Assert.Equal(new byte[] { 0, 1, 0xff, 0xff }, HttpEvents.Parse(Encoding.UTF8.GetBytes(before)).Body.ToArray());
    }

    [Theory]
    [InlineData("dev", "/dev/products", "/products")]
    [InlineData("dev", "/dev", "/")]
    [InlineData("dev", "/dev/", "/")]
    [InlineData("dev", "/developers", "/developers")]
    [InlineData("dev", "/products", "/products")]
    [InlineData("$default", "/$default/x", "/$default/x")]
    [InlineData("$default", "", "/")]
    public void The_stage_is_no_part_of_the_path(string stage, string rawPath, string path) =>
        Assert.Equal(path, HttpEvents.Parse(HttpEventSamples.Event(path: rawPath, stage: stage)).Path);

    [Theory]
    [InlineData("id.execute-api.eu-west-1.amazonaws.com", "/100%41", "/100%2541")]
    [InlineData("id.lambda-url.eu-west-1.on.aws", "/100%41", "/100%41")]
    public void A_path_that_the_front_door_decoded_is_not_decoded_again(string domain, string rawPath, string path) =>
        Assert.Equal(path, HttpEvents.Parse(HttpEventSamples.Event(path: rawPath, domain: domain)).Path);

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "not JSON")]
    [InlineData("garbage", "not JSON")]
    [InlineData("{\"version\":\"2.0\"} x", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("null", "not an object")]
    [InlineData("{}", "no version")]
    [InlineData("{\"Records\":[]}", "handler of JSON events")]
    [InlineData("{\"version\":\"3.0\"}", "version is not 2.0")]
    [InlineData("{\"version\":2.0}", "version is not a string")]
    [InlineData("{\"version\":\"1.0\",\"httpMethod\":\"GET\"}", "payloadFormatVersion 2.0")]
    [InlineData("{\"resource\":\"/\",\"httpMethod\":\"GET\"}", "payloadFormatVersion 2.0")]
    [InlineData("{\"httpMethod\":\"GET\",\"requestContext\":{\"elb\":{\"targetGroupArn\":\"arn\"}}}", "Application Load Balancer")]
    [InlineData("{\"version\":\"2.0\"}", "no requestContext.http.method")]
    [InlineData("{\"version\":\"2.0\",\"headers\":[]}", "headers is not an object")]
    [InlineData("{\"version\":\"2.0\",\"headers\":{\"a\":1}}", "headers is not a string")]
    [InlineData("{\"version\":\"2.0\",\"cookies\":{}}", "cookies is not an array")]
    [InlineData("{\"version\":\"2.0\",\"body\":{}}", "body is not a string")]
    [InlineData("{\"version\":\"2.0\",\"isBase64Encoded\":\"x\"}", "isBase64Encoded is not true or false")]
    [InlineData("{\"version\":\"2.0\",\"requestContext\":{\"timeEpoch\":1.5}}", "timeEpoch is not a whole number")]
    [InlineData("{\"version\":\"2.0\",\"requestContext\":{\"stage\":\"\\ud800\"}}", "not valid Unicode")]
    [InlineData("{\"version\":\"2.0\",\"\\ud800\":1}", "not valid Unicode")]
    public void What_is_no_http_event_is_refused_with_the_reason(string payload, string reason)
    {
        var e = Assert.Throws<InvalidEventException>(() => HttpEvents.Parse(Encoding.UTF8.GetBytes(payload)));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"!!!!\"", true, "not valid base64")]
    [InlineData("\"AAA\"", true, "not valid base64")]
    [InlineData("\"\\ud800\"", true, "not valid Unicode")]
    [InlineData("\"\\ud800\"", false, "not valid Unicode")]
    public void A_body_that_cannot_be_decoded_is_refused(string body, bool isBase64, string reason)
    {
        var e = Assert.Throws<InvalidEventException>(() => HttpEvents.Parse(HttpEventSamples.Event(body, isBase64)));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[] payload = HttpEventSamples.Event("\"x\"");
        payload[Array.IndexOf(payload, (byte)'x')] = 0xff;
        var e = Assert.Throws<InvalidEventException>(() => HttpEvents.Parse(payload));
        Assert.Contains("UTF-8", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_cut_at_any_byte_is_refused()
    {
        byte[] payload = Encoding.UTF8.GetBytes(HttpEventSamples.Full);
        for (int length = 0; length < payload.Length; length++)
            Assert.Throws<InvalidEventException>(() => HttpEvents.Parse(payload.AsMemory(0, length)));
    }

    [Fact]
    public void A_mutated_event_is_read_or_refused_and_nothing_else()
    {
        byte[] payload = Encoding.UTF8.GetBytes(HttpEventSamples.Full);
        Gen<(int, byte)[]> edits = Gen.Select(Gen.Int[0, payload.Length - 1], Gen.OneOf(Gen.Byte, OneOf("\"\\{}[]:,0\0\u007f"u8.ToArray()))).Array[1, 6];
        edits.Sample(mutations =>
        {
            byte[] mutated = [.. payload];
            foreach ((int index, byte value) in mutations)
                mutated[index] = value;
            ParseOrRefuse(mutated);
        }, iter: 20_000);
    }

    [Fact]
    public void Any_nesting_of_json_is_read_or_refused_and_nothing_else()
    {
        string[] values = ["null", "true", "0", "1e99", "\"x\"", "\"\\ud800\"", "[]", "{}", "[[1]]", "{\"version\":\"2.0\"}"];
        string[] names = ["version", "rawPath", "rawQueryString", "headers", "cookies", "body", "isBase64Encoded", "httpMethod"];
        string[] contextNames = ["stage", "requestId", "domainName", "routeKey", "timeEpoch", "authorizer", "elb", "http"];
        Gen<string> member(string[] of) => Gen.Select(OneOf(of), OneOf(values), (name, value) => $"\"{name}\":{value}");
        Gen<string> members(string[] of) => member(of).Array[0, 4].Select(list => string.Join(',', list));
        Gen.Select(members(names), members(contextNames)).Sample((top, context) =>
            ParseOrRefuse(Encoding.UTF8.GetBytes($$$"""{"version":"2.0","requestContext":{"http":{"method":"GET"}{{{Join(context)}}}}{{{Join(top)}}}}""")), iter: 20_000);

        static string Join(string list) => list.Length == 0 ? "" : "," + list;
    }

    [Fact]
    public void A_body_of_6_MB_is_read_without_a_copy()
    {
        byte[] payload = HttpEventSamples.Event("\"" + new string('x', 6 * 1024 * 1024) + "\"");
        ReadOnlyMemory<byte> body = HttpEvents.Parse(payload).Body;
        Assert.Equal(6 * 1024 * 1024, body.Length);
        Assert.True(body.Span.Overlaps(payload));
    }

    private static Gen<T> OneOf<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void ParseOrRefuse(byte[] payload)
    {
        HttpRequest request;
        try
        {
            request = HttpEvents.Parse(payload);
        }
        catch (InvalidEventException)
        {
            return;
        }

        Assert.StartsWith("/", request.Path, StringComparison.Ordinal);
        Assert.NotNull(request.Query);
    }
}
