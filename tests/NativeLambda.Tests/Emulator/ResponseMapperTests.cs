using System.Text;
using CsCheck;
using NativeLambda.Emulator.FrontDoor;

namespace NativeLambda.Tests.Emulator;

public sealed class ResponseMapperTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("\"text\"", "text")]
    [InlineData("[1]", "[1]")]
    [InlineData("null", "null")]
    [InlineData("""{"body":"x"}""", """{"body":"x"}""")]
    public void Without_a_status_code_it_is_a_200_of_JSON(string payload, string body)
    {
        FrontResponse response = Map(payload);
        Assert.Equal((200, body), (response.StatusCode, Text(response)));
        Assert.Equal("application/json", Assert.Single(response.Headers).Value);
    }

    [Fact]
    public void With_a_status_code_the_rest_is_taken_as_it_stands()
    {
        FrontResponse response = Map("""{"statusCode":404,"headers":{"X-A":"1","Number":5,"Yes":true},"cookies":["c=1"],"body":"no"}""");
        Assert.Equal(404, response.StatusCode);
        Assert.Equal(["x-a=1", "number=5", "yes=true", "content-type=application/json"], response.Headers.Select(header => $"{header.Key}={header.Value}"));
        Assert.Equal(["c=1"], response.Cookies);
        Assert.Equal("no", Text(response));
    }

    [Fact]
    public void Headers_of_the_connection_are_left_to_the_front() => Assert.Equal(
        ["content-type"],
        Map("""{"statusCode":200,"headers":{"Content-Length":"999","Transfer-Encoding":"chunked","Connection":"close","Content-Type":"a/b"}}""")
            .Headers.Select(header => header.Key));

    [Theory]
    [InlineData("no JSON")]
    [InlineData("")]
    [InlineData("""{"statusCode":"x"}""")]
    [InlineData("""{"statusCode":null}""")]
    [InlineData("""{"statusCode":100}""")]
    [InlineData("""{"statusCode":600}""")]
    [InlineData("""{"statusCode":200,"headers":[]}""")]
    [InlineData("""{"statusCode":200,"headers":{"a b":"x"}}""")]
    [InlineData("""{"statusCode":200,"headers":{"a":"x\ny: z"}}""")]
    [InlineData("""{"statusCode":200,"cookies":"a=1"}""")]
    [InlineData("""{"statusCode":200,"cookies":["a\r\nb: c"]}""")]
    [InlineData("""{"statusCode":200,"body":"!","isBase64Encoded":true}""")]
    public void What_cannot_be_a_response_is_a_502(string payload) => Assert.Same(FrontResponse.BadGateway, Map(payload));

    [Theory]
    [InlineData("\"201\"", 201)]
    [InlineData("599", 599)]
    public void A_status_code_may_be_a_number_or_its_digits(string status, int expected) =>
        Assert.Equal(expected, Map($$"""{"statusCode":{{status}}}""").StatusCode);

    [Fact]
    public void No_payload_makes_it_throw() => Gen.Byte.Array.Sample(payload => { _ = ResponseMapper.Map(payload); });

    private static FrontResponse Map(string payload) => ResponseMapper.Map(Encoding.UTF8.GetBytes(payload));

    private static string Text(FrontResponse response) => Encoding.UTF8.GetString(response.Body.Span);
}
