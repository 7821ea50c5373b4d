using System.Text;
using System.Text.Json;
using CsCheck;
using NativeLambda.Emulator.FrontDoor;

namespace NativeLambda.Tests.Emulator;

public sealed class HttpEventTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("a=1", """{"a":"1"}""")]
    [InlineData("a=1&a=2&b=", """{"a":"1,2","b":""}""")]
    [InlineData("flag&x=%20+%2B", """{"flag":"","x":"  \u002B"}""")]
    [InlineData("&&a=1=2&", """{"a":"1=2"}""")]
    [InlineData("bad=%zz%", """{"bad":"%zz%"}""")]
    public void Query_parameters_are_decoded_and_joined(string rawQuery, string expected) =>
        Assert.Equal(expected, JsonSerializer.Serialize(HttpEvent.QueryParameters(rawQuery)));

    [Theory]
    [InlineData("application/json", "{}", false)]
    [InlineData("application/json; charset=utf-8", "{}", false)]
    [InlineData("application/problem+json", "{}", false)]
    [InlineData("Text/Plain", "x", false)]
    [InlineData("application/xml", "<a/>", false)]
    [InlineData("image/svg+xml", "<a/>", false)]
    [InlineData("application/x-www-form-urlencoded", "a=1", false)]
    [InlineData("application/octet-stream", "x", true)]
    [InlineData("image/png", "x", true)]
    [InlineData("", "x", true)]
    public void The_content_type_decides_whether_a_body_is_text(string contentType, string body, bool base64)
    {
        JsonElement @event = Write(Request() with { Body = Encoding.UTF8.GetBytes(body), Headers = [new("Content-Type", contentType)] });
        Assert.Equal(base64, @event.GetProperty("isBase64Encoded").GetBoolean());
        string text = @event.GetProperty("body").GetString()!;
        Assert.Equal(body, base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : text);
    }

    [Fact]
    public void Any_body_comes_through_unchanged_whatever_its_declared_type() =>
        Gen.Select(Gen.Byte.Array, Gen.Bool).Sample((body, text) =>
        {
            JsonElement @event = Write(Request() with { Body = body, Headers = [new("content-type", text ? "text/plain" : "image/png")] });
            byte[] read = !@event.TryGetProperty("body", out JsonElement element) ? []
                : @event.GetProperty("isBase64Encoded").GetBoolean() ? element.GetBytesFromBase64() : Encoding.UTF8.GetBytes(element.GetString()!);
            Assert.Equal(body, read);
        });

    [Fact]
    public void A_compressed_body_is_no_text() => Assert.True(
        Write(Request() with { Body = new byte[] { 65 }, Headers = [new("Content-Type", "text/plain"), new("Content-Encoding", "gzip")] })
            .GetProperty("isBase64Encoded").GetBoolean());

    [Fact]
    public void Headers_are_in_lower_case_and_joined_and_cookies_stand_apart()
    {
        JsonElement @event = Write(Request() with
        {
            Headers = [new("X-A", "1"), new("x-a", "2"), new("Cookie", "a=1; b=2"), new("cookie", "c=3")],
        });
        Assert.Equal("1,2", @event.GetProperty("headers").GetProperty("x-a").GetString());
        Assert.False(@event.GetProperty("headers").TryGetProperty("cookie", out _));
        Assert.Equal(["a=1", "b=2", "c=3"], @event.GetProperty("cookies").Deserialize<string[]>()!);
    }

    [Fact]
    public void What_is_absent_is_left_out_and_the_context_tells_the_rest()
    {
        JsonElement @event = Write(Request());
        Assert.False(@event.TryGetProperty("cookies", out _));
        Assert.False(@event.TryGetProperty("queryStringParameters", out _));
        Assert.False(@event.TryGetProperty("body", out _));
        JsonElement context = @event.GetProperty("requestContext");
        Assert.Equal("12/Mar/2026:19:03:58 +0000", context.GetProperty("time").GetString());
        Assert.Equal(1773342238000, context.GetProperty("timeEpoch").GetInt64());
        Assert.Equal("abc.example", context.GetProperty("domainName").GetString());
        Assert.Equal("abc", context.GetProperty("domainPrefix").GetString());
        Assert.Equal("/a%2Fb", context.GetProperty("http").GetProperty("path").GetString());
        Assert.Equal("8080", @event.GetProperty("headers").GetProperty("x-forwarded-port").GetString());
    }

    private static JsonElement Write(FrontRequest request) => JsonSerializer.Deserialize<JsonElement>(HttpEvent.Write(request));

    private static FrontRequest Request() => new()
    {
        Method = "GET",
        RawPath = "/a%2Fb",
        RawQuery = "",
        Protocol = "HTTP/1.1",
        Headers = [],
        Body = default,
        SourceIp = "127.0.0.1",
        Host = "abc.example:8080",
        RequestId = "id",
        Time = new DateTimeOffset(2026, 3, 12, 19, 3, 58, TimeSpan.Zero),
    };
}
