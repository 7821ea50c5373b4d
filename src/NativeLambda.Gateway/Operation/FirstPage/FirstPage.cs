using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Operation.FirstPage;

/// <summary>The page that lists routes and tries them: one file, from the assembly, that loads nothing.</summary>
internal static class FirstPage
{
    private const string Resource = "first-page.html", Placeholder = "ROUTES";

    private static readonly string Template = Load();

    /// <summary>Nothing but the page's own script and style runs, by their hashes, and nobody frames it.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; script-src 'sha256-{Hash("<script>", "</script>")}'; style-src 'sha256-{Hash("<style>", "</style>")}'; connect-src 'self'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>The page for a configuration.</summary>
    public static byte[] Render(GatewayConfiguration configuration) =>
        Encoding.UTF8.GetBytes(Template.Replace($">{Placeholder}<", $">{Describe(configuration)}<", StringComparison.Ordinal));

    private static string Describe(GatewayConfiguration configuration)
    {
        using var stream = new MemoryStream();
        // The default encoder: no text of a configuration can end the element that it stands in.
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteTexts(json, "stages", configuration.Stages.Select(static stage => stage.Name));
            json.WriteStartArray("routes");
            foreach (Route route in configuration.Routes) Write(json, route);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Route route)
    {
        json.WriteStartObject();
        json.WriteString("key", route.ToString());
        json.WriteString("method", route.Key.Method);
        json.WriteString("path", route.Key.Path?.Text);
        WriteTexts(json, "hosts", route.Hosts);
        json.WriteString("function", route.Qualifier is null ? route.Function : $"{route.Function}:{route.Qualifier}");
        json.WriteString("mode", JsonNamingPolicy.CamelCase.ConvertName(route.Mode.ToString()));
        json.WriteBoolean("apiKey", route.Access.ApiKeys is not null);
        json.WriteString("authorizer", route.Access.Authorizer);
        WriteTexts(json, "scopes", route.Access.Scopes);
        json.WriteBoolean("limited", route.Access is not { Rate: null, Concurrency: null });
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Hash(string begin, string end)
    {
        int from = Template.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Template[from..Template.IndexOf(end, from, StringComparison.Ordinal)])));
    }

    private static string Load()
    {
        using Stream stream = typeof(FirstPage).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
