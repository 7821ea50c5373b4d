using System.Text.Json;
using System.Text.RegularExpressions;
using NativeLambda.Configuration;

namespace NativeLambda.Gateway.Tests.Configuration;

/// <summary>The schema, the parser and the reference know the same settings.</summary>
public sealed partial class GatewaySchemaTests
{
    private static readonly JsonElement Schema = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "gateway.schema.json")));

    [Fact]
    public void The_schema_knows_the_settings_of_every_object_that_the_parser_reads()
    {
        Dictionary<string, string[]> parsed = ParsedObjects();
        Assert.Equal(14, parsed.Count); // each kind of object stands in the whole file
        foreach ((string path, string[] known) in parsed)
        {
            JsonElement schema = SchemaAt(path);
            Assert.Equal((path, string.Join(' ', known.Order(StringComparer.Ordinal))), (path, string.Join(' ', Names(schema).Order(StringComparer.Ordinal))));
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean(), path);
        }
    }

    [Fact]
    public void Every_setting_of_the_schema_is_described() => Assert.All(ParsedObjects().Keys, static path => Assert.All(
        SchemaAt(path).GetProperty("properties").EnumerateObject().Where(static property => property.Name != "$schema"),
        property => Assert.True(property.Value.TryGetProperty("description", out _), $"{path}.{property.Name}")));

    [Fact]
    public void Words_to_choose_from_and_bounds_are_the_parser_s()
    {
        foreach (string path in (string[])["routes[].invoke", "routes[].payload", "lambda.protocol"])
        {
            string[] words = [.. SchemaAt(path).GetProperty("enum").EnumerateArray().Select(static word => word.GetString()!)];
            string wrong = path.Replace("routes[].", "", StringComparison.Ordinal);
            string file = path.StartsWith("routes", StringComparison.Ordinal)
                ? $$"""{ "routes": [ { "route": "$default", "function": "f", "{{wrong}}": "?" } ] }"""
                : """{ "lambda": { "protocol": "?" }, "routes": [ { "route": "$default", "function": "f" } ] }""";
            Assert.Contains($"one of {string.Join(", ", words)} is expected", Assert.Throws<ConfigurationException>(() => GatewayFileTests.Read(file)).Message, StringComparison.Ordinal);
        }
        Assert.Equal(900, SchemaAt("routes[].timeout").GetProperty("maximum").GetInt32());
        Assert.Equal(NativeLambda.Gateway.Routing.Route.MaxSyncEvent, SchemaAt("routes[].maxBody").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public void The_reference_has_a_line_for_every_setting()
    {
        string reference = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "gateway-configuration.md"));
        foreach ((string path, string[] known) in ParsedObjects())
            Assert.All(known.Where(static name => name != "$schema"), name => Assert.True(
                reference.Contains($"| `{(path.Length == 0 ? "" : path + ".")}{name}` |", StringComparison.Ordinal), $"docs/gateway-configuration.md has no line for {path}.{name}"));
    }

    private static Dictionary<string, string[]> ParsedObjects()
    {
        using var folder = new TemporaryFolder();
        var file = new ConfigFile(folder.At("gateway.json"), collects: true);
        GatewayFileTests.ReadWhole(folder, file);
        return file.Objects.GroupBy(read => Index().Replace(read.Node.Path, "[]"))
            .ToDictionary(static same => same.Key, static same => same.SelectMany(static read => read.Known).Distinct().ToArray());
    }

    /// <summary>The schema of a value by its path, such as <c>routes[].rate</c>.</summary>
    private static JsonElement SchemaAt(string path)
    {
        JsonElement schema = Schema;
        foreach (string step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            schema = schema.GetProperty("properties").GetProperty(step.Replace("[]", "", StringComparison.Ordinal));
            if (schema.TryGetProperty("oneOf", out JsonElement kinds)) schema = kinds.EnumerateArray().Single(static kind => kind.TryGetProperty("properties", out _));
            if (step.EndsWith("[]", StringComparison.Ordinal)) schema = schema.GetProperty("items");
        }
        return schema;
    }

    private static IEnumerable<string> Names(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(static property => property.Name);

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
