namespace NativeLambda.Payloads.Events;

/// <summary>
/// Payload format 1.0, as HTTP APIs write it. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">API Gateway, Lambda
/// proxy integrations for HTTP APIs</see>.
/// </summary>
internal static class Version1Event
{
    public static void Write(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers)
    {
        ReadOnlySpan<char> resource = Resource(request.RouteKey);
        json.Raw("{\"version\":\"1.0\",\"resource\":"u8);
        json.Text(resource);
        json.Raw(",\"path\":"u8);
        json.Text(request.RawPath);
        json.Raw(",\"httpMethod\":"u8);
        json.Text(request.Method);
        json.Raw(",\"headers\":{"u8);
        HeaderMembers.WriteLast(ref json, request, headers, HeaderMembers.Style.AsSent);
        json.Raw("},\"multiValueHeaders\":{"u8);
        HeaderMembers.WriteAll(ref json, request, headers, HeaderMembers.Style.AsSent);
        json.Raw("},"u8);
        QueryMembers.WriteBoth(ref json, request.RawQuery);
        WriteContext(ref json, request, headers, resource);
        json.Raw(",\"pathParameters\":"u8);
        MembersOrNull(ref json, request.PathParameters);
        json.Raw(",\"stageVariables\":"u8);
        MembersOrNull(ref json, request.StageVariables);
        json.Raw(","u8);
        EventParts.Body(ref json, headers, request.Body.Span, empty: "\"body\":null,"u8);
        json.Raw("}"u8);
    }

    private static void WriteContext(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, scoped ReadOnlySpan<char> resource)
    {
        ReadOnlySpan<char> domain = ForwardedHeaders.Domain(request);
        json.Raw(",\"requestContext\":{"u8);
        EventParts.Api(ref json, request, domain);
        WriteAuthorizer(ref json, request.Jwt);
        EventParts.Domain(ref json, domain);
        json.Raw(",\"extendedRequestId\":"u8);
        json.Text(request.RequestId);
        json.Raw(",\"httpMethod\":"u8);
        json.Text(request.Method);
        WriteIdentity(ref json, request, headers);
        json.Raw(",\"path\":"u8);
        PathText.WriteDecoded(ref json, request.RawPath);
        json.Raw(",\"protocol\":"u8);
        json.Text(request.Protocol);
        json.Raw(",\"requestId\":"u8);
        json.Text(request.RequestId);
        json.Raw(",\"requestTime\":"u8);
        EventParts.LogTime(ref json, request.Time);
        json.Raw(",\"requestTimeEpoch\":"u8);
        json.Number(request.Time.ToUnixTimeMilliseconds());
        json.Raw(",\"resourceId\":"u8);
        json.Text(request.RouteKey);
        json.Raw(",\"resourcePath\":"u8);
        json.Text(resource);
        json.Raw(",\"stage\":"u8);
        json.Text(request.Stage);
        json.Raw("}"u8);
    }

    private static void WriteIdentity(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers)
    {
        json.Raw(",\"identity\":{\"accessKey\":null,\"accountId\":null,\"caller\":null,\"cognitoAmr\":null"u8);
        json.Raw(",\"cognitoAuthenticationProvider\":null,\"cognitoAuthenticationType\":null,\"cognitoIdentityId\":null"u8);
        json.Raw(",\"cognitoIdentityPoolId\":null,\"principalOrgId\":null,\"sourceIp\":"u8);
        json.Text(request.SourceIp);
        json.Raw(",\"user\":null,\"userAgent\":"u8);
        json.Text(headers.First(HeaderKind.UserAgent));
        json.Raw(",\"userArn\":null}"u8);
    }

    private static void WriteAuthorizer(ref JsonOutput json, JwtIdentity? jwt)
    {
        json.Raw(",\"authorizer\":{\"claims\":"u8);
        if (jwt is null) json.Raw("null"u8);
        else EventParts.Members(ref json, jwt.Claims);
        json.Raw(",\"scopes\":"u8);
        EventParts.ListOrNull(ref json, jwt?.Scopes);
        json.Raw("}"u8);
    }

    private static void MembersOrNull(ref JsonOutput json, IReadOnlyDictionary<string, string> members)
    {
        if (members.Count == 0) json.Raw("null"u8);
        else EventParts.Members(ref json, members);
    }

    // The route's path: of "GET /products/{id}" what stands behind the method; "$default" has no other name.
    private static ReadOnlySpan<char> Resource(ReadOnlySpan<char> routeKey)
    {
        int space = routeKey.IndexOf(' ');
        return space < 0 ? routeKey : routeKey[(space + 1)..];
    }
}
