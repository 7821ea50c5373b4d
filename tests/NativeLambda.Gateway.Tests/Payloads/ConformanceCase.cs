using System.Text;
using System.Text.Json;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>One row of the table: a request and the event that it must become, or a result and the response that it must become.</summary>
public sealed record ConformanceCase
{
    /// <summary>What the row shows.</summary>
    public required string Name { get; init; }

    /// <summary>Who says so.</summary>
    public required string Source { get; init; }

    /// <summary><c>2.0</c>, <c>1.0</c>, <c>function-url</c>, <c>alb</c>, <c>alb-multi</c> or, of results, <c>stream</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Where it is not as AWS's, or AWS does not say: what it is, and why.</summary>
    public string? Difference { get; init; }

    public RequestParts? Request { get; init; }

    /// <summary>The event. Members that are not named here may be there, too, save in objects of parameters and of their like.</summary>
    public JsonElement Event { get; init; }

    /// <summary>Paths of members that must not be there, their names joined by dots.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>The function's result.</summary>
    public string? Result { get; init; }

    /// <summary>The response as a whole.</summary>
    public ResponseParts? Response { get; init; }

    /// <summary>A part of what is said of a result that cannot be a response.</summary>
    public string? Problem { get; init; }

    /// <summary>The file it stands in.</summary>
    public string File { get; init; } = "";

    public PayloadFormat PayloadFormat => Format switch
    {
        "2.0" => PayloadFormat.Version2,
        "1.0" => PayloadFormat.Version1,
        "function-url" => PayloadFormat.FunctionUrl,
        "alb" => PayloadFormat.LoadBalancer,
        "alb-multi" => PayloadFormat.LoadBalancerMultiValue,
        _ => throw new InvalidOperationException($"{Name}: there is no format {Format}"),
    };

    public override string ToString() => $"{File}: {Name}";
}

/// <summary>A request as HTTP sends it, and what the front knows of it.</summary>
public sealed record RequestParts
{
    public required string Line { get; init; }

    public IReadOnlyList<string> Headers { get; init; } = [];

    public string? Body { get; init; }

    public byte[]? BodyBase64 { get; init; }

    public string SourceIp { get; init; } = "192.0.2.1";

    public string Scheme { get; init; } = "http";

    public string Route { get; init; } = "$default";

    public string Stage { get; init; } = "$default";

    public string AccountId { get; init; } = "anonymous";

    public string? ApiId { get; init; }

    public string RequestId { get; init; } = "id";

    public long TimeUnixMs { get; init; }

    public bool DecodePath { get; init; }

    public string? TraceHeader { get; init; }

    public string? TargetGroupArn { get; init; }

    public Dictionary<string, string> PathParameters { get; init; } = [];

    public Dictionary<string, string> StageVariables { get; init; } = [];

    public JwtIdentity? Jwt { get; init; }

    public ProxyRequest ToRequest()
    {
        string[] line = Line.Split(' ');
        string[] target = line[1].Split('?', 2);
        KeyValuePair<string, string>[] headers = [.. Headers.Select(Header)];
        return new ProxyRequest
        {
            Method = line[0],
            RawPath = target[0],
            RawQuery = target.Length == 2 ? target[1] : "",
            Protocol = line[2],
            Headers = headers,
            Body = BodyBase64 ?? Encoding.UTF8.GetBytes(Body ?? ""),
            SourceIp = SourceIp,
            Scheme = Scheme,
            Host = headers.FirstOrDefault(static header => header.Key.Equals("host", StringComparison.OrdinalIgnoreCase)).Value ?? "localhost",
            RequestId = RequestId,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(TimeUnixMs),
            RouteKey = Route,
            Stage = Stage,
            PathParameters = PathParameters,
            StageVariables = StageVariables,
            AccountId = AccountId,
            ApiId = ApiId,
            Jwt = Jwt,
            DecodePath = DecodePath,
            TraceHeader = TraceHeader,
            TargetGroupArn = TargetGroupArn,
        };
    }

    private static KeyValuePair<string, string> Header(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return new(line[..colon], line[(colon + 1)..].Trim(' '));
    }
}

/// <summary>A response as HTTP sends it.</summary>
public sealed record ResponseParts
{
    public required int Status { get; init; }

    public required IReadOnlyList<string> Headers { get; init; }

    public IReadOnlyList<string> Cookies { get; init; } = [];

    public string? Body { get; init; }

    public byte[]? BodyBase64 { get; init; }

    public byte[] Bytes => BodyBase64 ?? Encoding.UTF8.GetBytes(Body!);
}
