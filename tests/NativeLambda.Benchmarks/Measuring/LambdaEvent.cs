using System.Text;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>Events of HTTP APIs, payload format 2.0.</summary>
internal static class LambdaEvent
{
    /// <summary>A GET request.</summary>
    /// <param name="path">Its path.</param>
    public static byte[] Get(string path) => Encoding.UTF8.GetBytes($$"""
        {"version":"2.0","routeKey":"$default","rawPath":"{{path}}","rawQueryString":"","headers":{"accept":"*/*","content-length":"0","host":"abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws","user-agent":"bench","x-amzn-trace-id":"Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700","x-forwarded-for":"192.0.2.1","x-forwarded-port":"443","x-forwarded-proto":"https"},"requestContext":{"accountId":"anonymous","apiId":"abcdefghijklmnopqrstuvwxyz012345","domainName":"abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws","domainPrefix":"abcdefghijklmnopqrstuvwxyz012345","http":{"method":"GET","path":"{{path}}","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"bench"},"requestId":"b1d2a4a8-3f0e-4a64-9c4f-f7e7b6c6a001","routeKey":"$default","stage":"$default","time":"01/Jan/2026:00:00:00 +0000","timeEpoch":1767225600000},"isBase64Encoded":false}
        """);
}
