namespace NativeLambda.Payloads.Events;

/// <summary>
/// Payload format 2.0, as HTTP APIs write it and as function URLs do, which differ in few things. Sources:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">API Gateway, Lambda
/// proxy integrations for HTTP APIs</see>,
/// <see href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads">Lambda, function URL payloads</see>.
/// </summary>
internal static class Version2Event
{
    public static void Write(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, bool functionUrl)
    {
        json.Raw("{\"version\":\"2.0\",\"routeKey\":"u8);
        json.Text(request.RouteKey);
        json.Raw(",\"rawPath\":"u8);
        if (request.DecodePath && !functionUrl) PathText.WriteDecoded(ref json, request.RawPath);
        else json.Text(request.RawPath);
        json.Raw(",\"rawQueryString\":"u8);
        json.Text(request.RawQuery);
        WriteCookies(ref json, headers);
        json.Raw(",\"headers\":{"u8);
        HeaderMembers.WriteJoined(ref json, request, headers, withCookies: functionUrl);
        json.Raw("}"u8);
        if (request.RawQuery.Length > 0) WriteQuery(ref json, request.RawQuery);
        WriteContext(ref json, request, headers);
        if (request.PathParameters.Count > 0)
        {
            json.Raw(",\"pathParameters\":"u8);
            EventParts.Members(ref json, request.PathParameters);
        }
        if (request.StageVariables.Count > 0)
        {
            json.Raw(",\"stageVariables\":"u8);
            EventParts.Members(ref json, request.StageVariables);
        }
        json.Raw(","u8);
        EventParts.Body(ref json, headers, request.Body.Span, empty: default);
        json.Raw("}"u8);
    }

    private static void WriteCookies(ref JsonOutput json, scoped HeaderTable headers)
    {
        bool any = false;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers.Kind(i) != HeaderKind.Cookie) continue;
            ReadOnlySpan<char> value = headers.Value(i);
            foreach (Range range in value.Split(';'))
            {
                ReadOnlySpan<char> cookie = value[range].Trim(" \t");
                if (cookie.IsEmpty) continue;
                json.Raw(any ? ","u8 : ",\"cookies\":["u8);
                any = true;
                json.Text(cookie);
            }
        }
        if (any) json.Raw("]"u8);
    }

    private static void WriteQuery(ref JsonOutput json, string rawQuery)
    {
        using var query = new QueryTable(
            rawQuery, decode: true, stackalloc byte[QueryTable.ShortText], stackalloc QueryPart[QueryTable.FewParts]);
        if (query.Count == 0) return;
        json.Raw(",\"queryStringParameters\":{"u8);
        QueryMembers.WriteJoined(ref json, query);
        json.Raw("}"u8);
    }

    private static void WriteContext(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers)
    {
        ReadOnlySpan<char> domain = ForwardedHeaders.Domain(request);
        json.Raw(",\"requestContext\":{"u8);
        EventParts.Api(ref json, request, domain);
        if (request.Jwt is { } jwt) WriteJwt(ref json, jwt);
        EventParts.Domain(ref json, domain);
        json.Raw(",\"http\":{\"method\":"u8);
        json.Text(request.Method);
        json.Raw(",\"path\":"u8);
        PathText.WriteDecoded(ref json, request.RawPath);
        json.Raw(",\"protocol\":"u8);
        json.Text(request.Protocol);
        json.Raw(",\"sourceIp\":"u8);
        json.Text(request.SourceIp);
        json.Raw(",\"userAgent\":"u8);
        json.Text(headers.First(HeaderKind.UserAgent));
        json.Raw("},\"requestId\":"u8);
        json.Text(request.RequestId);
        json.Raw(",\"routeKey\":"u8);
        json.Text(request.RouteKey);
        json.Raw(",\"stage\":"u8);
        json.Text(request.Stage);
        json.Raw(",\"time\":"u8);
        EventParts.LogTime(ref json, request.Time);
        json.Raw(",\"timeEpoch\":"u8);
        json.Number(request.Time.ToUnixTimeMilliseconds());
        json.Raw("}"u8);
    }

    private static void WriteJwt(ref JsonOutput json, JwtIdentity jwt)
    {
        json.Raw(",\"authorizer\":{\"jwt\":{\"claims\":"u8);
        EventParts.Members(ref json, jwt.Claims);
        json.Raw(",\"scopes\":"u8);
        EventParts.ListOrNull(ref json, jwt.Scopes);
        json.Raw("}}"u8);
    }
}
