using NativeLambda.Database.Credentials;

namespace NativeLambda.Tests.Database.Credentials;

/// <summary>
/// AWS's published vectors: the worked example of the Signature Version 4 documentation (IAM, ListUsers) and the cases of
/// aws-sig-v4-test-suite that are a GET.
/// </summary>
public sealed class SigV4Tests
{
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Timestamp = "20150830T123600Z";
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SigV4Scope Iam = new(Timestamp, "us-east-1", "iam");
    private static readonly SigV4Scope Suite = new(Timestamp, "us-east-1", "service");

    [Fact]
    public void The_signing_key_of_the_documentation() => Assert.Equal(
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
        Convert.ToHexStringLower(SigV4.SigningKey(SecretKey, Iam)));

    [Fact]
    public void The_signature_of_the_documentation()
    {
        string request = SigV4.CanonicalGet(
            "/",
            SigV4.CanonicalQuery(("Version", "2010-05-08"), ("Action", "ListUsers")),
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("host", "iam.amazonaws.com"),
            ("x-amz-date", Timestamp));
        Assert.Equal("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", SigV4.Sign(SecretKey, Iam, request));
    }

    public static TheoryData<string, string, (string, string)[], string> Suites() => new()
    {
        { "get-vanilla", "/", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "get-vanilla-query-order-key-case", "/", [("Param2", "value2"), ("Param1", "value1")], "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
        { "get-vanilla-query-order-value", "/", [("Param1", "value2"), ("Param1", "value1")], "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694" },
        { "get-vanilla-query-unreserved", "/", [(Unreserved, Unreserved)], "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197" },
        { "get-vanilla-utf8-query", "/", [("\u1234", "bar")], "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04" },
        { "get-unreserved", "/" + Unreserved, [], "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f" },
    };

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_signatures_of_the_test_suite(string name, string path, (string, string)[] parameters, string signature)
    {
        string request = SigV4.CanonicalGet(path, SigV4.CanonicalQuery(parameters), ("host", "example.amazonaws.com"), ("x-amz-date", Timestamp));
        Assert.True(signature == SigV4.Sign(SecretKey, Suite, request), $"{name}: the canonical request was\n{request}");
    }
}
