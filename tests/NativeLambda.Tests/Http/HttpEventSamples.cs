using System.Text;

namespace NativeLambda.Tests.Http;

internal static class HttpEventSamples
{
    /// <summary>Every member that AWS documents for payload format 2.0, and one that it may add.</summary>
    public const string Full = """
        {
          "version": "2.0",
          "routeKey": "$default",
          "rawPath": "/products/p%2F1",
          "rawQueryString": "limit=5&tag=a%2Cb&tag=c+d&empty=&flag",
          "cookies": ["session=1", "theme=dark"],
          "headers": {"Content-Type": "application/json", "accept": "a/b,c/d"},
          "queryStringParameters": {"limit": "5", "tag": "a,b,c d"},
          "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "authentication": null,
            "authorizer": {"jwt": {"claims": {"sub": "alice"}, "scopes": ["read"]}},
            "domainName": "id.lambda-url.eu-west-1.on.aws",
            "domainPrefix": "id",
            "http": {"method": "POST", "path": "/products/p%2F1", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "agent"},
            "requestId": "req-1",
            "routeKey": "POST /products/{id}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390
          },
          "body": "{\"name\":\"caf\u00e9\"}",
          "pathParameters": {"id": "p/1"},
          "isBase64Encoded": false,
          "stageVariables": {"a": "b"},
          "added": [1, {"deep": [true, null]}]
        }
        """;

    public static byte[] Event(string body = "null", bool isBase64 = false, string path = "/", string stage = "$default", string domain = "localhost") =>
        Encoding.UTF8.GetBytes($$$"""
            {"version":"2.0","rawPath":"{{{path}}}","rawQueryString":"","headers":{},
             "requestContext":{"domainName":"{{{domain}}}","stage":"{{{stage}}}","http":{"method":"GET","path":"{{{path}}}"}},
             "body":{{{body}}},"isBase64Encoded":{{{(isBase64 ? "true" : "false")}}}}
            """);
}
