using System.Text;

namespace NativeLambda.Tests.TestSupport;

/// <summary>HTTP events in payload format 2.0.</summary>
internal static class HttpEventJson
{
    public static ReadOnlyMemory<byte> Create(string method, string path, string body = "") => Encoding.UTF8.GetBytes(
        $$"""
        {"version":"2.0","routeKey":"$default","rawPath":"{{path}}","rawQueryString":"","headers":{},
         "requestContext":{"http":{"method":"{{method}}","path":"{{path}}","protocol":"HTTP/1.1","sourceIp":"127.0.0.1","userAgent":"test"},"requestId":"x","stage":"$default"},
         "body":"{{body}}","isBase64Encoded":false}
        """);
}
