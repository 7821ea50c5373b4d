using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeLambda.Benchmarks.Contenders;

/// <summary>What a peer's <c>peer.json</c> says of it.</summary>
internal sealed record PeerManifest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>What tables and charts call it.</summary>
    public required string Title { get; init; }

    /// <summary>Its language.</summary>
    public required string Language { get; init; }

    /// <summary>The PostgreSQL client that it uses.</summary>
    public required string Client { get; init; }

    /// <summary>How it was tuned, in a few words.</summary>
    public string Note { get; init; } = "";

    /// <summary>In what way it takes part.</summary>
    public PeerKind Kind { get; init; } = PeerKind.Peer;

    /// <summary>Reads the file.</summary>
    /// <exception cref="BenchmarkException">It is not what it should be.</exception>
    public static PeerManifest Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<PeerManifest>(File.ReadAllText(file), Json) ?? throw new BenchmarkException($"{file} is null");
        }
        catch (JsonException exception)
        {
            throw new BenchmarkException($"{file}: {exception.Message}");
        }
    }
}
