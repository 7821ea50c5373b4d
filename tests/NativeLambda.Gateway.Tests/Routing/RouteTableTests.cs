using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Tests.Routing;

public sealed class RouteTableTests
{
    // The example of API Gateway's guide, "Routing API requests".
    private static readonly string[] Guide = ["GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default"];

    [Theory]
    [InlineData("GET", "/pets/dog/1", "GET /pets/dog/1", "")]
    [InlineData("GET", "/pets/dog/2", "GET /pets/dog/{id}", "id=2")]
    [InlineData("GET", "/pets/cat/1", "GET /pets/{proxy+}", "proxy=cat/1")]
    [InlineData("POST", "/test/5", "ANY /{proxy+}", "proxy=test/5")]
    [InlineData("POST", "/pets/dog/1", "ANY /{proxy+}", "proxy=pets/dog/1")]
    public void The_guide_s_examples_hold(string method, string path, string expected, string parameters) =>
        Check(Guide, method, path, expected, parameters);

    [Theory]
    // The full match comes before the rest, wherever the literal is.
    [InlineData("GET /a/{x}/c,GET /a/b/{proxy+}", "GET", "/a/b/c", "GET /a/{x}/c", "x=b")]
    [InlineData("GET /{x},GET /{proxy+}", "GET", "/a", "GET /{x}", "x=a")]
    [InlineData("GET /{x},GET /{proxy+}", "GET", "/a/b", "GET /{proxy+}", "proxy=a/b")]
    // The first segment that differs decides, and a dead end is left again.
    [InlineData("GET /a/{x},GET /{y}/b", "GET", "/a/b", "GET /a/{x}", "x=b")]
    [InlineData("GET /a/{x}/c,GET /{y}/b/d", "GET", "/a/b/d", "GET /{y}/b/d", "y=a")]
    [InlineData("GET /a/b/c,GET /a/{x}/d,GET /{y}/b/e", "GET", "/a/b/e", "GET /{y}/b/e", "y=a")]
    // Names belong to their route.
    [InlineData("GET /a/{x},POST /a/{y}", "POST", "/a/1", "POST /a/{y}", "y=1")]
    [InlineData("GET /{a}/{b}/{c+}", "GET", "/1/2/3/4", "GET /{a}/{b}/{c+}", "a=1 b=2 c=3/4")]
    // Of rests, the longest way there.
    [InlineData("GET /{proxy+},GET /a/{proxy+},GET /a/{x}/{proxy+}", "GET", "/a/b/c", "GET /a/{x}/{proxy+}", "x=b proxy=c")]
    [InlineData("GET /{proxy+},GET /a/{proxy+},GET /a/{x}/{proxy+}", "GET", "/a/b", "GET /a/{proxy+}", "proxy=b")]
    // The method before ANY, ANY where the method has none, the path before the method.
    [InlineData("ANY /a,GET /a", "GET", "/a", "GET /a", "")]
    [InlineData("ANY /a,GET /a", "PUT", "/a", "ANY /a", "")]
    [InlineData("ANY /a,GET /{x}", "GET", "/a", "ANY /a", "")]
    [InlineData("GET /a,ANY /{proxy+}", "PROPFIND", "/a", "ANY /{proxy+}", "proxy=a")]
    [InlineData("GET /a", "HEAD", "/a", null, "")]
    [InlineData("GET /a", "POST", "/a", null, "")]
    // The root.
    [InlineData("GET /", "GET", "/", "GET /", "")]
    [InlineData("GET /{x}", "GET", "/", null, "")]
    [InlineData("GET /{proxy+}", "GET", "/", "GET /{proxy+}", "proxy=")]
    [InlineData("GET /,GET /{proxy+}", "GET", "/", "GET /", "")]
    // A slash at the end is an empty segment, which only a rest takes; without it there is no rest.
    [InlineData("GET /a", "GET", "/a/", null, "")]
    [InlineData("GET /a,GET /a/{x}", "GET", "/a/", null, "")]
    [InlineData("GET /a,GET /a/{proxy+}", "GET", "/a/", "GET /a/{proxy+}", "proxy=")]
    [InlineData("GET /a/{proxy+}", "GET", "/a", null, "")]
    // Empty segments.
    [InlineData("GET /a/b", "GET", "/a//b", null, "")]
    [InlineData("GET /a/{x}/b", "GET", "/a//b", null, "")]
    [InlineData("GET /a/{proxy+}", "GET", "/a//b", "GET /a/{proxy+}", "proxy=/b")]
    [InlineData("GET /{proxy+}", "GET", "//", "GET /{proxy+}", "proxy=/")]
    // Case counts, in paths and in methods.
    [InlineData("GET /a", "GET", "/A", null, "")]
    [InlineData("GET /a", "get", "/a", null, "")]
    // An encoded slash is a part of its segment; values are decoded; literals are compared decoded.
    [InlineData("GET /a/{x}", "GET", "/a/b%2Fc", "GET /a/{x}", "x=b/c")]
    [InlineData("GET /a/b", "GET", "/a%2Fb", null, "")]
    [InlineData("GET /a/{x}", "GET", "/%61/%C3%A9", "GET /a/{x}", "x=é")]
    [InlineData("GET /é/{x}", "GET", "/%C3%A9/1", "GET /é/{x}", "x=1")]
    [InlineData("GET /a/{x}", "GET", "/a/1+2", "GET /a/{x}", "x=1+2")]
    [InlineData("GET /a/{x}", "GET", "/a/%zz", "GET /a/{x}", "x=%zz")]
    [InlineData("GET /a/{x}", "GET", "/a/%ff", "GET /a/{x}", "x=%ff")]
    [InlineData("GET /a/{x}", "GET", "/a/%2561", "GET /a/{x}", "x=%61")]
    [InlineData("GET /a/{proxy+}", "GET", "/a/b%2Fc/d", "GET /a/{proxy+}", "proxy=b/c/d")]
    [InlineData("GET /a:b/{x}", "GET", "/a:b/c;d=1", "GET /a:b/{x}", "x=c;d=1")]
    // What no path matches.
    [InlineData("$default", "GET", "/x/y", "$default", "")]
    [InlineData("$default", "OPTIONS", "*", null, "")]
    [InlineData("$default", "CONNECT", "example.com:443", null, "")]
    [InlineData("GET /a", "GET", "/b", null, "")]
    public void The_most_specific_route_is_chosen(string routes, string method, string path, string? expected, string parameters) =>
        Check(routes.Split(','), method, path, expected, parameters);

    [Theory]
    [InlineData("/prod/a", "prod", "GET /a")]
    [InlineData("/dev/a", "dev", "GET /a")]
    [InlineData("/a", "$default", "GET /a")]
    [InlineData("/prod", "prod", "GET /")]
    [InlineData("/prod/", "prod", "GET /")]
    [InlineData("/Prod/a", null, null)]
    [InlineData("/prod/prod/a", null, null)]
    public void A_named_stage_is_the_first_segment(string path, string? stage, string? expected)
    {
        RouteMatch? match = Table(["GET /a", "GET /"], "$default", "prod", "dev").Find("h", "GET", path);
        Assert.Equal((stage, expected), (match?.Stage.Name, match?.Route.Key.Text));
    }

    [Fact]
    public void A_stage_alone_is_its_root_for_a_rest_as_well()
    {
        RouteMatch match = Table(["ANY /{proxy+}"], "prod").Find("h", "GET", "/prod")!;
        Assert.Equal(("ANY /{proxy+}", ""), (match.Route.Key.Text, match.Parameters["proxy"]));
    }

    [Fact]
    public void Without_a_default_stage_a_path_needs_a_stage()
    {
        RouteTable table = Table(["GET /a", "$default"], "prod");
        Assert.Null(table.Find("h", "GET", "/a"));
        Assert.Equal("GET /a", table.Find("h", "GET", "/prod/a")!.Route.Key.Text);
    }

    [Theory]
    [InlineData("api.example.com", "one")]
    [InlineData("API.Example.com:8443", "one")]
    [InlineData("api.example.com.", "one")]
    [InlineData("shop.example.com", "star")]
    [InlineData("a.shop.example.com", "every")]
    [InlineData("example.com", "every")]
    [InlineData("[::1]:80", "six")]
    [InlineData("[::1]", "six")]
    [InlineData("", "every")]
    public void The_host_itself_comes_before_its_star_and_both_before_every_host(string host, string expected) =>
        Assert.Equal(expected, Hosts().Find(host, "GET", "/a")!.Route.Function);

    [Fact]
    public void What_a_host_has_no_route_for_is_looked_for_among_those_of_every_host() =>
        Assert.Equal("every", Hosts().Find("api.example.com", "POST", "/a")!.Route.Function);

    private static RouteTable Hosts() => new(
        [
            Route("GET /a", "one", "api.example.com"), Route("GET /{x}", "star", "*.example.com"), Route("GET /a", "six", "[::1]"), Route("$default", "every"),
        ],
        [StageOptions.Default]);

    private static void Check(string[] routes, string method, string path, string? expected, string parameters)
    {
        // Whatever their order in the file is.
        foreach (string[] order in (string[][])[routes, [.. routes.Reverse()]])
        {
            RouteMatch? match = Table(order, "$default").Find("h", method, path);
            Assert.Equal(expected, match?.Route.Key.Text);
            Assert.Equal(parameters, string.Join(' ', (match?.Parameters ?? RouteMatch.NoParameters).Select(pair => $"{pair.Key}={pair.Value}")));
        }
    }

    private static RouteTable Table(string[] routes, params string[] stages) =>
        new([.. routes.Select(route => Route(route, "f"))], [.. stages.Select(stage => new StageOptions(stage, new Dictionary<string, string>()))]);

    private static Route Route(string key, string function, params string[] hosts) =>
        new() { Key = RouteKey.Parse(key), Function = function, Hosts = hosts };
}
