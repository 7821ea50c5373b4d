using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Tests.Routing;

public sealed class RawPathTests
{
    [Theory]
    [InlineData("/a/./b", true)]
    [InlineData("/a/..", true)]
    [InlineData("/..", true)]
    [InlineData("/%2e%2E/b", true)]
    [InlineData("/.%2e", true)]
    [InlineData("/%2E", true)]
    [InlineData("/...", false)]
    [InlineData("/a.b/..c/d..", false)]
    [InlineData("/.well-known/x", false)]
    [InlineData("/..%2Fetc", false)] // one segment, whose value is ../etc
    [InlineData("/%252e%252e", false)]
    [InlineData("/", false)]
    public void Dot_segments_are_seen_however_they_are_encoded(string path, bool expected) => Assert.Equal(expected, RawPath.HasDotSegment(path));

    [Theory]
    [InlineData("/a?b=1", "/a?b=1")]
    [InlineData("http://example.com/a?b=1", "/a?b=1")]
    [InlineData("http://example.com", "/")]
    [InlineData("http://example.com?b=/1", "/?b=/1")]
    [InlineData("/a?u=http://example.com/b", "/a?u=http://example.com/b")]
    [InlineData("*", "*")]
    [InlineData("example.com:443", "example.com:443")]
    public void The_absolute_form_is_reduced_to_its_path(string target, string expected) =>
        Assert.Equal(expected, RequestArrival.PathAndQuery(target).ToString());
}
