using System.Text.Json;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.ColdStart;

/// <summary>What a cold start cost when it was last recorded, in figures that neither speed nor load of a machine change.</summary>
/// <param name="Counts">The figures.</param>
/// <param name="Machine">What they depend on beside our code.</param>
internal sealed record ColdStartRecord(ColdStartCounts Counts, ColdStartMachine Machine)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static string Path => System.IO.Path.Combine(Repository.Root, "tests", "NativeLambda.IntegrationTests", "ColdStart", "cold-start.json");

    /// <summary>The one in the repository.</summary>
    public static async Task<ColdStartRecord> ReadAsync()
    {
        await using FileStream file = File.OpenRead(Path);
        return (await JsonSerializer.DeserializeAsync<ColdStartRecord>(file, Json))!;
    }

    /// <summary>Takes the place of the one in the repository.</summary>
    public Task WriteAsync() => File.WriteAllTextAsync(Path, JsonSerializer.Serialize(this, Json) + "\n");
}
