using CsCheck;
using NativeLambda.Database.Credentials;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class PasswordFileTests
{
    private static string? Find(string text, string host = "h", string port = "5432", string database = "d", string user = "u") =>
        PasswordFile.Find(text, host, port, database, user);

    [Theory]
    [InlineData("h:5432:d:u:pw", "pw")]
    [InlineData("h:5432:d:u:pw\r\n", "pw")]
    [InlineData("\n\nh:5432:d:u:pw\n", "pw")]
    [InlineData("*:*:*:*:pw", "pw")]
    [InlineData("*:5432:*:u:pw", "pw")]
    [InlineData("#h:5432:d:u:no\nh:5432:d:u:pw", "pw")]
    [InlineData("h:5432:d:u:", "")]
    [InlineData("h:5432:d:u:a b", "a b")]
    [InlineData(@"h:5432:d:u:a\:b", "a:b")]
    [InlineData(@"h:5432:d:u:a\\b", @"a\b")]
    [InlineData(@"h:5432:d:u:a\b", "ab")]
    [InlineData(@"h:5432:d:u:a\", @"a\")]
    [InlineData("h:5432:d:u:pw:what follows is ignored", "pw")]
    [InlineData(@"\h:5432:d:u:pw", "pw")]
    [InlineData("x:5432:d:u:no\nh:5432:d:u:first\nh:5432:d:u:second", "first")]
    [InlineData("*:*:*:*:wild\nh:5432:d:u:exact", "wild")]
    public void The_first_line_that_matches_gives_the_password(string text, string password) => Assert.Equal(password, Find(text));

    [Theory]
    [InlineData("")]
    [InlineData("h:5432:d:u")]
    [InlineData("h:5432:d:x:pw")]
    [InlineData("h:5433:d:u:pw")]
    [InlineData("H:5432:d:u:pw")]
    [InlineData("h*:5432:d:u:pw")]
    [InlineData("hh:5432:d:u:pw")]
    [InlineData(" h:5432:d:u:pw")]
    [InlineData(@"h\:5432:d:u:pw")]
    [InlineData(@"\*:5432:d:u:pw")]
    [InlineData("# h:5432:d:u:pw")]
    [InlineData(@"h:5432:d:u\")]
    public void Any_other_line_does_not(string text) => Assert.Null(Find(text));

    [Theory]
    [InlineData(@"\:\:1:5432:d:u:pw", "::1")]
    [InlineData(@"a\\b:5432:d:u:pw", @"a\b")]
    [InlineData("/srv/pg:5432:d:u:pw", "/srv/pg")]
    [InlineData(@"\*:5432:d:u:pw", "*")]
    public void A_field_may_hold_what_its_backslashes_protect(string text, string host) => Assert.Equal("pw", Find(text, host));

    [Fact]
    public void Whatever_is_escaped_is_found_again() =>
        Gen.Char[@":\*#ah1 "].Array[1, 6].Select(chars => new string(chars)).Array[5].Sample(fields =>
        {
            static string Escape(string field) =>
                field.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal);

            // A lone asterisk and a number sign at the beginning of the line would mean something else.
            string host = @"\" + fields[0][0] + Escape(fields[0][1..]);
            string text = $"{host}:{string.Join(':', fields[1..].Select(Escape))}\n";
            Assert.Equal(fields[4], PasswordFile.Find(text, fields[0], fields[1], fields[2], fields[3]));
        });
}
