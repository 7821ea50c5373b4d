using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Cors;

namespace NativeLambda.Gateway.Tests.Access;

public sealed class OriginPatternTests
{
    [Theory]
    [InlineData("https://www.example.com", "https://www.example.com", true)]
    [InlineData("https://WWW.example.com", "https://www.example.com", true)]
    [InlineData("https://www.example.com", "http://www.example.com", false)]
    [InlineData("https://www.example.com", "https://www.example.com:8443", false)]
    [InlineData("https://www.example.com", "https://www.example.com.evil.test", false)]
    [InlineData("https://*", "https://anything.test:8443", true)]
    [InlineData("https://*", "http://anything.test", false)]
    [InlineData("https://*", "https://", false)]
    [InlineData("http://*", "http://[::1]:3000", true)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.test/.example.com", false)]
    [InlineData("https://*.example.com", "https://evil.test#.example.com", false)]
    [InlineData("http://localhost:*", "http://localhost:3000", true)]
    [InlineData("http://localhost:*", "http://localhost.evil.test:80", false)]
    [InlineData("null", "null", true)]
    public void It_matches_what_a_browser_would_say(string entry, string origin, bool matches) =>
        Assert.Equal(matches, OriginPattern.Parse(entry, "o").Matches(origin));

    [Theory]
    [InlineData("www.example.com", "is no origin")]
    [InlineData("https://", "is no origin")]
    [InlineData("https://www.example.com/", "without a path")]
    [InlineData("https://user@www.example.com", "without a path")]
    [InlineData("https://*.*.com", "more than one *")]
    [InlineData("*://www.example.com", "is no origin")]
    public void What_is_no_origin_is_refused_with_its_place(string entry, string reason)
    {
        var exception = Assert.Throws<AccessOptionsException>(() => OriginPattern.Parse(entry, "allowOrigins[3]"));
        Assert.Equal("allowOrigins[3]", exception.Option);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }
}
