using System.Text;
using NativeLambda.Emulator;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>Events that are no HTTP requests in payload format 2.0, or are at the limit.</summary>
public sealed class InvalidEventTests(SharedFunction shared) : IClassFixture<SharedFunction>
{
    private const int MaxEvent = 6 * 1024 * 1024;

    private static readonly Dictionary<string, byte[]> Events = new()
    {
        ["nothing"] = [],
        ["white space"] = " "u8.ToArray(),
        ["NUL"] = [0],
        ["no JSON"] = "GET / HTTP/1.1"u8.ToArray(),
        ["half an object"] = """{"version":"2.0","rawPath":"/prod"""u8.ToArray(),
        ["two objects"] = """{"version":"2.0","requestContext":{"http":{"method":"GET"}}}{}"""u8.ToArray(),
        ["an empty object"] = "{}"u8.ToArray(),
        ["an array"] = "[]"u8.ToArray(),
        ["a string"] = "\"x\""u8.ToArray(),
        ["a number"] = "1e999"u8.ToArray(),
        ["null"] = "null"u8.ToArray(),
        ["no UTF-8"] = [.. """{"version":"2.0","rawPath":"/"""u8, 0xC3, 0x28, .. "\"}"u8],
        ["half a surrogate pair"] = """{"version":"2.0","rawPath":"/\ud800","requestContext":{"http":{"method":"GET"}}}"""u8.ToArray(),
        ["a byte order mark"] = [0xEF, 0xBB, 0xBF, .. FrozenFunction.Event("GET", "/connection", default)],
        ["members of wrong types"] = """{"version":"2.0","rawPath":7,"headers":[],"requestContext":"x"}"""u8.ToArray(),
        ["no Base64"] = """{"version":"2.0","rawPath":"/","requestContext":{"http":{"method":"GET"}},"body":"%","isBase64Encoded":true}"""u8.ToArray(),
        ["payload format 1.0"] = """
            {"version":"1.0","resource":"/products/p","path":"/products/p","httpMethod":"GET","headers":{"Host":"x"},"multiValueHeaders":{},
            "queryStringParameters":null,"requestContext":{"accountId":"1","httpMethod":"GET","path":"/products/p","stage":"$default"},
            "pathParameters":null,"body":null,"isBase64Encoded":false}
            """u8.ToArray(),
        ["a load balancer's"] = """
            {"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/t/1"}},"httpMethod":"GET",
            "path":"/products/p","queryStringParameters":{},"headers":{"host":"x"},"body":"","isBase64Encoded":false}
            """u8.ToArray(),
        ["a queue's"] = """{"Records":[{"messageId":"1","body":"x","eventSource":"aws:sqs"}]}"""u8.ToArray(),
        ["brackets, a hundred thousand deep"] = Encoding.ASCII.GetBytes("""{"version":"2.0","x":""" + new string('[', 100_000)),
        ["6 MB of string"] = Encoding.ASCII.GetBytes("\"" + new string('x', MaxEvent - 2) + "\""),
    };

    public static TheoryData<string> Names => [.. Events.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_invocation_fails_and_the_environment_serves_on(string name)
    {
        InvokeResult result = await shared.Function.InvokeAsync(Events[name]);
        Assert.Equal(("Unhandled", "NativeLambda.InvalidEvent"), (result.FunctionError, result.ErrorType));
        await shared.AssertServesOnAsync();
    }

    [Fact]
    public async Task The_largest_event_is_served()
    {
        const int Envelope = 1024;
        byte[] body = Encoding.ASCII.GetBytes(new string('x', MaxEvent - Envelope));
        byte[] payload = FrozenFunction.Event("GET", FaultRounds.Product, body);
        Assert.InRange(payload.Length, MaxEvent - Envelope, MaxEvent);
        InvokeResult result = await shared.Function.InvokeAsync(payload);
        Assert.Null(result.FunctionError);
        Assert.Contains("\"statusCode\":200", result.PayloadText, StringComparison.Ordinal);
        await shared.AssertServesOnAsync();
    }
}
