using NativeLambda.Gateway.Configuration;

namespace NativeLambda.Gateway.Routing;

/// <summary>
/// Finds the route for a request: first the stage by the path's first segment, then the host (itself, then <c>*.domain</c>, then routes
/// for every host), then the path and the method; see <see cref="RouteTree"/>.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, RouteTree>.AlternateLookup<ReadOnlySpan<char>> _hosts;
    private readonly RouteTree? _everyHost;
    private readonly StageOptions[] _namedStages;
    private readonly StageOptions? _defaultStage;

    /// <summary>Prepares routes for the search.</summary>
    public RouteTable(IReadOnlyList<Route> routes, IReadOnlyList<StageOptions> stages)
    {
        var hosts = new Dictionary<string, RouteTree>(StringComparer.OrdinalIgnoreCase);
        foreach (string host in routes.SelectMany(static route => route.Hosts).Distinct())
            hosts.Add(host, new RouteTree(routes.Where(route => route.Hosts.Contains(host))));
        _hosts = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        Route[] everywhere = [.. routes.Where(static route => route.Hosts.Count == 0)];
        _everyHost = everywhere.Length > 0 ? new RouteTree(everywhere) : null;
        _namedStages = [.. stages.Where(static stage => stage.Name != StageOptions.DefaultName)];
        _defaultStage = stages.FirstOrDefault(static stage => stage.Name == StageOptions.DefaultName);
    }

    /// <summary>The route for a request.</summary>
    /// <param name="host">The host that was asked for, with or without a port.</param>
    /// <param name="method">The method.</param>
    /// <param name="rawPath">The path as it stood in the request line, still encoded, with the stage.</param>
    /// <returns>Null where there is none.</returns>
    public RouteMatch? Find(ReadOnlySpan<char> host, string method, string rawPath)
    {
        if (!rawPath.StartsWith('/')) return null; // OPTIONS *, CONNECT
        ReadOnlySpan<char> path = rawPath;
        StageOptions? stage = _namedStages.Length == 0 ? _defaultStage : TakeStage(ref path);
        if (stage is null) return null;
        if (_hosts.Dictionary.Count > 0 && FindByHost(WithoutPort(host), method, path, stage) is { } found) return found;
        return _everyHost?.Find(method, path, stage);
    }

    private RouteMatch? FindByHost(ReadOnlySpan<char> host, string method, ReadOnlySpan<char> path, StageOptions stage)
    {
        if (_hosts.TryGetValue(host, out RouteTree? tree) && tree.Find(method, path, stage) is { } found) return found;
        int dot = host.IndexOf('.');
        if (dot <= 0) return null;
        // A star stands for one label, as in certificates and in API Gateway's wildcard domain names.
        return _hosts.TryGetValue(string.Concat("*", host[dot..]), out tree) ? tree.Find(method, path, stage) : null;
    }

    /// <summary>The stage that the path begins with, which is cut off; or the default stage.</summary>
    private StageOptions? TakeStage(ref ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> rest = path[1..];
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> first = slash < 0 ? rest : rest[..slash];
        foreach (StageOptions stage in _namedStages)
        {
            if (!first.SequenceEqual(stage.Name)) continue;
            path = slash < 0 ? "/" : rest[slash..];
            return stage;
        }
        return _defaultStage;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        int colon = host.LastIndexOf(':');
        if (colon >= 0 && host[colon..].IndexOf(']') < 0) host = host[..colon]; // [::1] has colons of its own
        return host.EndsWith('.') ? host[..^1] : host;
    }
}
