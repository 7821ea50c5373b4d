using NativeLambda.Configuration;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Configuration;

/// <summary>Reads <c>gateway.json</c>. Paths in it are relative to the file.</summary>
internal static class GatewayFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It is not as it should be; the message has a line for every mistake that was found.</exception>
    public static GatewayConfiguration Read(string path)
    {
        ConfigNode root = ConfigParser.ReadFile(path, trailingCommas: true);
        return Read(new ConfigFile(path, collects: true), root);
    }

    internal static GatewayConfiguration Read(ConfigFile file, ConfigNode node)
    {
        var root = new ConfigObject(file, node);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file.Name))!;
        root.Text("$schema");
        IReadOnlyList<ConfigObject> listeners = root.ObjectsOrNone("listeners"), routes = root.Objects("routes");
        AccessOptions access = AccessReader.Read(root, folder);
        List<StageOptions> stages = ReadStages(root.ObjectsOrNone("stages"));
        Route defaults = RouteReader.ReadDefaults(root.Object("defaults"));
        var configuration = new GatewayConfiguration
        {
            Listeners = root.Has("listeners") ? [.. listeners.Select(listener => ListenerReader.Read(listener, folder)).OfType<ListenerOptions>()] : [ListenerReader.Default],
            Lambda = LambdaReader.Read(root.Object("lambda"), folder),
            Stages = stages,
            Access = access,
            Operation = OperationReader.Read(root, folder),
            AccountId = root.Text("accountId") ?? new GatewayConfiguration().AccountId,
            ApiId = root.Text("apiId"),
            Routes = ReadRoutes(routes, defaults, access, stages),
            TrustedProxies = ListenerReader.ReadNetworks(root, "trustedProxies"),
        };
        root.RequireNoMore();
        if (root.Has("listeners") && listeners.Count == 0) root.Report("listeners", "it is empty: nobody could reach the gateway");
        file.RequireNoMistakes();
        return configuration;
    }

    private static List<Route> ReadRoutes(IReadOnlyList<ConfigObject> objects, Route defaults, AccessOptions access, IReadOnlyList<StageOptions> stages)
    {
        var routes = new List<Route>();
        foreach (ConfigObject read in objects)
        {
            if (RouteReader.Read(read, defaults) is not { } route) continue;
            AccessReader.CheckRoute(read, route, access);
            if (routes.Exists(other => IsSame(other, route))) read.Report("route", $"another route is {route}: the two could not be told apart");
            routes.Add(StageFunction.Resolve(read, route, stages));
        }
        return routes;
    }

    /// <summary>Whether two routes are for the same requests: variables may be named as they like.</summary>
    private static bool IsSame(Route one, Route other) =>
        one.Key.Method == other.Key.Method
        && (one.Hosts.Count == 0 ? other.Hosts.Count == 0 : one.Hosts.Intersect(other.Hosts).Any())
        && Shape(one.Key) == Shape(other.Key);

    private static string Shape(RouteKey key) => key.Path is null ? RouteKey.DefaultName
        : string.Concat(key.Path.Segments.Select(static segment => segment.Kind switch
        {
            PathSegmentKind.Variable => "/{}",
            PathSegmentKind.Rest => "/{+}",
            _ => $"/{segment.Text}",
        }));

    private static List<StageOptions> ReadStages(IReadOnlyList<ConfigObject> objects)
    {
        var stages = new List<StageOptions>();
        foreach (ConfigObject read in objects)
        {
            string name = read.RequiredText("name");
            var variables = read.Texts("variables").ToDictionary(static pair => pair.Name, static pair => pair.Value);
            read.RequireNoMore();
            if (name != StageOptions.DefaultName && (name.Length == 0 || !name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
                read.Report("name", $"letters, digits, - and _ make the name of a stage, or it is {StageOptions.DefaultName}");
            else if (stages.Exists(stage => stage.Name == name))
                read.Report("name", $"another stage is named {name}");
            stages.Add(new StageOptions(name, variables));
        }
        return stages.Count > 0 ? stages : [StageOptions.Default];
    }
}
