using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using NativeLambda.Http;

namespace NativeLambda.Tests.Http;

public sealed class HttpResultWriterTests
{
    [Fact]
    public void Status_headers_cookies_and_text_are_written()
    {
        HttpResponse response = HttpResponse.Text(201, "héllo \"you\"") with { Cookies = ["a=1; Path=/", "b=2"] };
        JsonElement json = Write(response.WithHeader("location", "/x"));
        Assert.Equal(201, json.GetProperty("statusCode").GetInt32());
        Assert.Equal("/x", json.GetProperty("headers").GetProperty("location").GetString());
        Assert.Equal("text/plain; charset=utf-8", json.GetProperty("headers").GetProperty("content-type").GetString());
        Assert.Equal("b=2", json.GetProperty("cookies")[1].GetString());
        Assert.Equal("héllo \"you\"", json.GetProperty("body").GetString());
        Assert.False(json.GetProperty("isBase64Encoded").GetBoolean());
    }

    [Fact]
    public void A_response_without_a_body_has_none()
    {
        JsonElement json = Write(HttpResponse.NoContent());
        Assert.Equal(204, json.GetProperty("statusCode").GetInt32());
        Assert.False(json.TryGetProperty("body", out _));
    }

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("Application/Problem+JSON; charset=UTF-8", false)]
    [InlineData("image/svg+xml", false)]
    [InlineData("text/html; charset=iso-8859-1", true)]
    [InlineData("application/octet-stream", true)]
    [InlineData(null, true)]
    public void The_content_type_decides_how_a_body_travels(string? contentType, bool isBase64)
    {
        var response = new HttpResponse { Body = "{}"u8.ToArray() };
        JsonElement json = Write(contentType is null ? response : response.WithHeader("Content-Type", contentType));
        Assert.Equal(isBase64, json.GetProperty("isBase64Encoded").GetBoolean());
        Assert.Equal("{}", isBase64 ? Encoding.UTF8.GetString(json.GetProperty("body").GetBytesFromBase64()) : json.GetProperty("body").GetString());
    }

    [Fact]
    public void Compressed_text_travels_as_base64() =>
        Assert.True(Write(HttpResponse.Text(200, "x").WithHeader("content-encoding", "br")).GetProperty("isBase64Encoded").GetBoolean());

    [Fact]
    public void Any_body_comes_back_as_it_was() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[1, 200], Gen.String[1, 100].Select(Encoding.UTF8.GetBytes)), Gen.Bool).Sample((body, isText) =>
        {
            JsonElement json = Write(new HttpResponse { Body = body }.WithHeader("content-type", isText ? "text/plain" : "image/png"));
            byte[] back = json.GetProperty("isBase64Encoded").GetBoolean()
                ? json.GetProperty("body").GetBytesFromBase64()
                : Encoding.UTF8.GetBytes(json.GetProperty("body").GetString()!);
            Assert.Equal(body, back);
        }, iter: 2_000);

    [Fact]
    public void A_body_of_6_MB_is_written() =>
        Assert.Equal(6 * 1024 * 1024, Write(HttpResponse.Text(200, new string('x', 6 * 1024 * 1024))).GetProperty("body").GetString()!.Length);

    [Theory]
    [InlineData("x", "a\r\nset-cookie: b")]
    [InlineData("x", "a\nb")]
    [InlineData("x", "a\0")]
    [InlineData("x", "é")]
    [InlineData("x\r\ny", "a")]
    [InlineData("x y", "a")]
    [InlineData("", "a")]
    public void A_header_that_could_split_the_response_is_refused_before_anything_is_written(string name, string value) =>
        Refuse(HttpResponse.NoContent().WithHeader(name, value));

    [Fact]
    public void A_cookie_that_could_split_the_response_is_refused() => Refuse(HttpResponse.NoContent() with { Cookies = ["a=1\r\nx: y"] });

    [Theory]
    [InlineData(0)]
    [InlineData(199)]
    [InlineData(600)]
    public void A_status_that_is_no_final_one_is_refused(int status) => Refuse(new HttpResponse { StatusCode = status });

    [Fact]
    public void A_problem_is_written_as_RFC_9457_says()
    {
        using JsonDocument extra = JsonDocument.Parse("[1]");
        HttpResponse response = HttpResponse.Problem(ProblemDetails.ForStatus(400, "Too long.", "name") with
        {
            Type = "https://example.com/too-long",
            Instance = "/products/1",
            Extensions = new Dictionary<string, JsonElement> { ["allowed"] = extra.RootElement },
        });
        Assert.Equal(400, response.StatusCode);
        Assert.Equal("application/problem+json", response.Headers["content-type"]);
        Assert.Equal(
            """{"type":"https://example.com/too-long","title":"Bad Request","status":400,"detail":"Too long.","instance":"/products/1","field":"name","allowed":[1]}""",
            Encoding.UTF8.GetString(response.Body.Span));
    }

    private static void Refuse(HttpResponse response)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<InvalidResponseException>(() => HttpEvents.Write(response, output));
        Assert.Equal(0, output.WrittenCount);
    }

    private static JsonElement Write(HttpResponse response)
    {
        var output = new ArrayBufferWriter<byte>();
        HttpEvents.Write(response, output);
        return JsonElement.Parse(output.WrittenSpan);
    }
}
