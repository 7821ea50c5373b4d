using NativeLambda.Configuration;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Cors;
using NativeLambda.Gateway.Access.Jwt;
using NativeLambda.Gateway.Access.Keys;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Configuration;

/// <summary>Reads who may use the gateway.</summary>
internal static class AccessReader
{
    public static AccessOptions Read(ConfigObject file, string folder)
    {
        ConfigObject? cors = file.Object("cors");
        IReadOnlyList<ConfigObject> authorizers = file.ObjectsOrNone("authorizers"), keys = file.ObjectsOrNone("apiKeys");
        return new AccessOptions
        {
            Cors = cors is null ? null : ReadCors(cors),
            ApiKeys = ReadKeys(keys, folder),
            Authorizers = [.. authorizers.Select(ReadAuthorizer).OfType<JwtAuthorizerOptions>()],
            MaxInFlight = file.Integer("maxInFlight", 1, int.MaxValue),
        };
    }

    /// <summary>Checks that the keys and authorizers which a route names are there.</summary>
    public static void CheckRoute(ConfigObject read, Route route, AccessOptions access)
    {
        RouteAccessOptions own = route.Access;
        if (own.Authorizer is { } name && !access.Authorizers.Any(authorizer => authorizer.Name == name))
            read.Report("authorizer", $"there is no authorizer named {name}{Among(access.Authorizers.Select(static authorizer => authorizer.Name))}");
        if (own.Authorizer is null && own.Scopes.Count > 0) read.Report("scopes", "only an authorizer can check scopes: name one");
        if (own.ApiKeys is not { } keys) return;
        if (access.ApiKeys.Count == 0) read.Report("apiKeys", "there is no API key: add one to the file's \"apiKeys\"");
        else if (keys.FirstOrDefault(key => !access.ApiKeys.Any(known => known.Name == key)) is { } unknown)
            read.Report("apiKeys", $"there is no API key named {unknown}{Among(access.ApiKeys.Select(static key => key.Name))}");
    }

    private static CorsOptions? ReadCors(ConfigObject read)
    {
        var options = new CorsOptions
        {
            AllowOrigins = Texts(read, "allowOrigins"),
            AllowMethods = Texts(read, "allowMethods"),
            AllowHeaders = Texts(read, "allowHeaders"),
            ExposeHeaders = Texts(read, "exposeHeaders"),
            MaxAge = read.Seconds("maxAge"),
            AllowCredentials = read.Flag("allowCredentials") ?? false,
        };
        read.RequireNoMore();
        return Check(read, () => _ = new CorsPolicy(options)) ? options : null;
    }

    private static JwtAuthorizerOptions? ReadAuthorizer(ConfigObject read)
    {
        string name = read.RequiredText("name"), issuer = read.RequiredText("issuer");
        string[] audiences = Texts(read, "audiences");
        var defaults = new JwtAuthorizerOptions { Name = name, Issuer = new Uri("https://localhost"), Audiences = audiences };
        JwtAuthorizerOptions options = defaults with
        {
            IdentitySource = read.Text("identitySource") ?? defaults.IdentitySource,
            ClockSkew = read.Seconds("clockSkew") ?? defaults.ClockSkew,
            AllowInsecureIssuer = read.Flag("allowInsecureIssuer") ?? defaults.AllowInsecureIssuer,
        };
        read.RequireNoMore();
        if (audiences.Length == 0) read.Report("audiences", "name at least one audience");
        if (Uri.TryCreate(issuer, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https") return options with { Issuer = uri };
        if (issuer.Length > 0 || read.Has("issuer")) read.Report("issuer", "the issuer's URL is expected, as it stands in \"iss\" of its tokens");
        return null;
    }

    private static List<ApiKeySource> ReadKeys(IReadOnlyList<ConfigObject> objects, string folder)
    {
        var keys = new List<ApiKeySource>();
        foreach (ConfigObject read in objects)
        {
            var key = new ApiKeySource(read.RequiredText("name"), read.Text("sha256"), read.Text("env"), read.Path("file", folder));
            read.RequireNoMore();
            if (keys.Exists(other => other.Name == key.Name)) read.Report("name", $"another key is named {key.Name}");
            else if (Check(read, () => ApiKeys.Load([key], Environment.GetEnvironmentVariable))) keys.Add(key);
        }
        return keys;
    }

    /// <summary>Lets the feature itself look at its options, and tells where in the file its complaint belongs.</summary>
    private static bool Check(ConfigObject read, Action make)
    {
        try
        {
            make();
            return true;
        }
        catch (AccessOptionsException wrong)
        {
            // Such as "apiKeys[0].file", "allowOrigins[1]".
            string member = wrong.Option.Split('.')[^1].Split('[')[0];
            read.Report(member == "variable" ? "env" : member, wrong.Reason.Replace("sha256, variable and file", "sha256, env and file", StringComparison.Ordinal));
            return false;
        }
    }

    private static string[] Texts(ConfigObject read, string name) => [.. (read.TextList(name) ?? []).Select(static text => text.Text)];

    private static string Among(IEnumerable<string> names) => names.Any() ? $"; there are {string.Join(", ", names)}" : "; there are none";
}
