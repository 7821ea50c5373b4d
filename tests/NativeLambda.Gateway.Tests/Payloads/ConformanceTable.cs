using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>The rows of the table, of all files.</summary>
internal static class ConformanceTable
{
    // A member that is misspelt would be a row that tests nothing.
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static IReadOnlyList<ConformanceCase> Cases { get; } = [.. Directory
        .GetFiles(Path.Combine(AppContext.BaseDirectory, "Payloads", "conformance"), "*.json").Order(StringComparer.Ordinal)
        .SelectMany(static file => JsonSerializer.Deserialize<ConformanceCase[]>(File.ReadAllBytes(file), Options)!
            .Select(row => row with { File = Path.GetFileNameWithoutExtension(file) }))];

    public static ConformanceCase Find(string file, string name) => Cases.Single(row => row.File == file && row.Name == name);
}
