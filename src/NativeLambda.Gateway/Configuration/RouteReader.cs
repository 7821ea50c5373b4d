using NativeLambda.Configuration;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Limits;
using NativeLambda.Gateway.Routing;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Configuration;

/// <summary>Reads routes, and what all of them have unless they say otherwise.</summary>
internal static class RouteReader
{
    private const double MaxTimeout = 900; // Lambda's own

    private static readonly Dictionary<string, InvokeMode> Modes = new()
    {
        ["sync"] = InvokeMode.Sync,
        ["event"] = InvokeMode.Event,
        ["stream"] = InvokeMode.Stream,
    };

    private static readonly Dictionary<string, PayloadFormat> Formats = new()
    {
        ["2.0"] = PayloadFormat.Version2,
        ["1.0"] = PayloadFormat.Version1,
        ["function-url"] = PayloadFormat.FunctionUrl,
        ["alb"] = PayloadFormat.LoadBalancer,
        ["alb-multi-value"] = PayloadFormat.LoadBalancerMultiValue,
    };

    /// <summary>Reads what routes have unless they say otherwise.</summary>
    public static Route ReadDefaults(ConfigObject? read)
    {
        var defaults = new Route { Key = RouteKey.Default, Function = "" };
        if (read is null) return defaults;
        defaults = ReadShared(read, defaults);
        read.RequireNoMore();
        return defaults;
    }

    /// <summary>Reads a route; nothing for one whose key or function is none.</summary>
    public static Route? Read(ConfigObject read, Route defaults)
    {
        RouteKey? key = ReadKey(read);
        string function = read.RequiredText("function");
        string? qualifier = read.Text("qualifier");
        Route route = ReadShared(read, defaults) with { Function = function, Qualifier = qualifier, Hosts = ReadHosts(read), Access = ReadAccess(read) };
        read.RequireNoMore();
        CheckFunction(read, function, qualifier);
        return key is null ? null : route with { Key = key };
    }

    private static Route ReadShared(ConfigObject read, Route defaults)
    {
        Route route = defaults with
        {
            Mode = read.Choice("invoke", [.. Modes.Keys]) is { } mode ? Modes[mode] : defaults.Mode,
            Format = read.Choice("payload", [.. Formats.Keys]) is { } format ? Formats[format] : defaults.Format,
            DecodePath = read.Flag("decodePath") ?? defaults.DecodePath,
            Timeout = read.Number("timeout", 0.001, MaxTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.Timeout,
        };
        return route with { MaxBody = read.Integer("maxBody", 0, route.MaxEvent) ?? Math.Min(defaults.MaxBody, route.MaxEvent) };
    }

    private static RouteKey? ReadKey(ConfigObject read)
    {
        if (read.RequiredText("route") is not { Length: > 0 } text)
        {
            if (read.Has("route")) read.Report("route", "name a method and a path, such as \"GET /products/{id}\", or \"$default\"");
            return null;
        }
        try
        {
            return RouteKey.Parse(text);
        }
        catch (FormatException wrong)
        {
            read.Report("route", wrong.Message);
            return null;
        }
    }

    private static void CheckFunction(ConfigObject read, string function, string? qualifier)
    {
        if (read.Has("function") && !StageFunction.HasVariables(function) && FunctionName.Check(function) is { } wrong)
            read.Report("function", wrong);
        else if (qualifier is not null && FunctionName.HasQualifier(function))
            read.Report("qualifier", "\"function\" already names a version or alias: say it once");
        else if (qualifier is not null && !FunctionName.IsQualifier(qualifier))
            read.Report("qualifier", "a version's number, an alias or $LATEST is expected");
    }

    private static List<string> ReadHosts(ConfigObject read)
    {
        var hosts = new List<string>();
        foreach (ConfigNode host in read.TextList("hosts") ?? [])
        {
            string name = host.Text.StartsWith("*.", StringComparison.Ordinal) ? host.Text[2..] : host.Text;
            if (Uri.CheckHostName(name) == UriHostNameType.Unknown) read.Report(host, "a host is expected, such as api.example.com or *.example.com, without a port");
            else hosts.Add(host.Text.ToLowerInvariant());
        }
        return hosts;
    }

    private static RouteAccessOptions ReadAccess(ConfigObject read)
    {
        ConfigObject? rate = read.Object("rate"), concurrency = read.Object("concurrency");
        var access = new RouteAccessOptions
        {
            ApiKeys = read.TextList("apiKeys") is { } keys ? [.. keys.Select(static key => key.Text)] : null,
            Authorizer = read.Text("authorizer"),
            Scopes = [.. (read.TextList("scopes") ?? []).Select(static scope => scope.Text)],
            Rate = rate is null ? null : new RateLimitOptions(rate.RequiredNumber("perSecond", 0.001, 1_000_000) ?? 1, rate.RequiredInteger("burst", 1, 1_000_000) ?? 1),
            Concurrency = concurrency is null ? null
                : new ConcurrencyLimitOptions(concurrency.RequiredInteger("requests", 1, 1_000_000) ?? 1, concurrency.Integer("queue", 0, 1_000_000) ?? 0),
        };
        rate?.RequireNoMore();
        concurrency?.RequireNoMore();
        return access;
    }
}
