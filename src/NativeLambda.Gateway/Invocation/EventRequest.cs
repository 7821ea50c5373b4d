using System.Net;
using Microsoft.Extensions.Primitives;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Invocation;

/// <summary>Tells of a request as an event needs it.</summary>
internal static class EventRequest
{
    // A client of a Unix socket is on this machine.
    private const string Here = "127.0.0.1";

    public static ProxyRequest Of(HttpContext context, GatewayRequest request, RequestFacts facts, ReadOnlyMemory<byte> body)
    {
        HttpRequest http = context.Request;
        Configuration.GatewayConfiguration configuration = request.Snapshot.Configuration;
        return new ProxyRequest
        {
            Method = http.Method,
            RawPath = request.RawPath,
            DecodePath = request.Route.DecodePath,
            RawQuery = request.RawQuery,
            Protocol = http.Protocol,
            Headers = ReadHeaders(http.Headers),
            Body = body,
            SourceIp = SourceIp(context.Connection.RemoteIpAddress),
            Host = http.Host.Value ?? "",
            Scheme = http.Scheme,
            RequestId = facts.RequestId,
            Time = facts.Time,
            RouteKey = request.Route.Key.Text,
            Stage = request.Match!.Stage.Name,
            PathParameters = request.Match.Parameters,
            StageVariables = request.Match.Stage.Variables,
            AccountId = configuration.AccountId,
            ApiId = configuration.ApiId,
            Jwt = request.Jwt,
            TraceHeader = facts.TraceHeader,
        };
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(IHeaderDictionary headers)
    {
        var list = new List<KeyValuePair<string, string>>(headers.Count);
        foreach ((string name, StringValues values) in headers)
            for (int index = 0; index < values.Count; index++) list.Add(new(name, values[index] ?? ""));
        return list;
    }

    private static string SourceIp(IPAddress? address) =>
        address is null ? Here : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
