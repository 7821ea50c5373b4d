namespace NativeLambda.Payloads.Events;

/// <summary>
/// An Application Load Balancer's event. Source:
/// <see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html">Elastic Load Balancing, Lambda
/// functions as targets</see>.
/// </summary>
internal static class LoadBalancerEvent
{
    public static void Write(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, bool multiValue)
    {
        json.Raw("{\"requestContext\":{\"elb\":{\"targetGroupArn\":"u8);
        json.Text(request.TargetGroupArn);
        json.Raw("}},\"httpMethod\":"u8);
        json.Text(request.Method);
        json.Raw(",\"path\":"u8);
        json.Text(request.RawPath);
        if (multiValue)
        {
            json.Raw(",\"multiValueQueryStringParameters\":{"u8);
            QueryMembers.WriteAll(ref json, request.RawQuery);
            json.Raw("},\"multiValueHeaders\":{"u8);
            HeaderMembers.WriteAll(ref json, request, headers, HeaderMembers.Style.LowerCase);
        }
        else
        {
            json.Raw(",\"queryStringParameters\":{"u8);
            QueryMembers.WriteLast(ref json, request.RawQuery);
            json.Raw("},\"headers\":{"u8);
            HeaderMembers.WriteLast(ref json, request, headers, HeaderMembers.Style.LowerCase);
        }
        json.Raw("},"u8);
        EventParts.Body(ref json, headers, request.Body.Span, empty: "\"body\":\"\","u8);
        json.Raw("}"u8);
    }
}
