using System.Text.Json;

namespace NativeLambda.Tests.TestSupport;

/// <summary>
/// A line of metrics, read as strictly as CloudWatch's specification has it: every metric that is defined has a value at the root, every
/// dimension a string, and there is nothing else.
/// </summary>
internal sealed class EmfLine : IDisposable
{
    private static readonly string[] Units = ["Count", "Milliseconds"];
    private readonly JsonDocument _document;

    public EmfLine(string line)
    {
        _document = JsonDocument.Parse(line);
        JsonElement root = _document.RootElement;
        JsonElement about = root.GetProperty("_aws");
        Timestamp = about.GetProperty(nameof(Timestamp)).GetInt64();
        var metrics = new List<string>();
        HashSet<string> known = ["_aws"];
        foreach (JsonElement directive in about.GetProperty("CloudWatchMetrics").EnumerateArray())
        {
            Assert.Equal("NativeLambda", directive.GetProperty("Namespace").GetString());
            string[] dimensions = [.. Assert.Single(directive.GetProperty("Dimensions").EnumerateArray()).EnumerateArray().Select(name => name.GetString()!)];
            foreach (string dimension in dimensions)
            {
                Assert.NotEmpty(root.GetProperty(dimension).GetString()!);
                known.Add(dimension);
            }

            JsonElement defined = directive.GetProperty(nameof(Metrics));
            Assert.InRange(defined.GetArrayLength(), 1, 100);
            foreach (JsonElement metric in defined.EnumerateArray())
            {
                string name = metric.GetProperty("Name").GetString()!;
                string unit = metric.GetProperty("Unit").GetString()!;
                Assert.Contains(unit, Units);
                JsonElement value = root.GetProperty(name);
                Assert.True(value.ValueKind == JsonValueKind.Number
                    || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and <= 100 && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Number)));
                Assert.True(known.Add(name), $"{name} is defined twice");
                metrics.Add($"{name} {unit} [{string.Join(',', dimensions)}] {value.GetRawText()}");
            }
        }

        Assert.Equal(known.Order(), root.EnumerateObject().Select(member => member.Name).Order());
        Metrics = [.. metrics.Order(StringComparer.Ordinal)];
    }

    public long Timestamp { get; }

    /// <summary>Name, unit, dimensions and value of each, by name.</summary>
    public IReadOnlyList<string> Metrics { get; }

    public static bool IsOne(string line) => line.StartsWith("{\"_aws\":", StringComparison.Ordinal);

    public string? Text(string name) => _document.RootElement.GetProperty(name).GetString();

    public bool Has(string name) => _document.RootElement.TryGetProperty(name, out _);

    public void Dispose() => _document.Dispose();
}
