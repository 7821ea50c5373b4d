using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Tests.Routing;

public sealed class RouteKeyTests
{
    [Theory]
    [InlineData("GET /", "GET /")]
    [InlineData("ANY /a/{x}/{rest+}", "ANY /a/{x}/{rest+}")]
    [InlineData("/a", "ANY /a")]
    [InlineData("$default", "$default")]
    [InlineData("DELETE /a-b_c.d~e:f@g;h=1,2'(3)*!&$+", "DELETE /a-b_c.d~e:f@g;h=1,2'(3)*!&$+")]
    public void A_key_is_read_and_written(string text, string expected) => Assert.Equal(expected, RouteKey.Parse(text).Text);

    [Theory]
    [InlineData("", "a method and a path are expected")]
    [InlineData("GET", "a method and a path are expected")]
    [InlineData("get /a", "\"get\" is no method")]
    [InlineData("FETCH /a", "\"FETCH\" is no method")]
    [InlineData("GET a", "a path begins with /")]
    [InlineData("GET  /a", "a path begins with /")]
    [InlineData("GET /a/", "does not end with /")]
    [InlineData("GET /a//b", "a segment is empty")]
    [InlineData("GET /a/../b", "no request is served whose path has a segment \"..\"")]
    [InlineData("GET /{rest+}/a", "is the last segment")]
    [InlineData("GET /{a}/{a}", "two variables named a")]
    [InlineData("GET /{}", "is no variable")]
    [InlineData("GET /{a b}", "is no variable")]
    [InlineData("GET /x{a}", "a variable is a whole segment")]
    [InlineData("GET /a%20b", "written decoded")]
    [InlineData("GET /a b", "written decoded")]
    [InlineData("GET /a?b", "has a character that no path has")]
    public void A_mistake_is_told(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => RouteKey.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Sixty_four_segments_are_the_most()
    {
        string path = string.Concat(Enumerable.Range(0, PathTemplate.MaxSegments).Select(index => $"/{{v{index}}}"));
        string request = string.Concat(Enumerable.Repeat("/x", PathTemplate.MaxSegments));
        var table = new RouteTable([new Route { Key = RouteKey.Parse($"GET {path}"), Function = "f" }], [NativeLambda.Gateway.Configuration.StageOptions.Default]);
        Assert.Equal(PathTemplate.MaxSegments, table.Find("h", "GET", request)!.Parameters.Count);
        Assert.Throws<FormatException>(() => RouteKey.Parse($"GET {path}/x"));
    }
}
