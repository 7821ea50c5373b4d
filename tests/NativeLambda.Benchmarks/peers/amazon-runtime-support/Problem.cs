using System.Text.Json.Serialization;

namespace NativeLambda.Peers;

/// <summary>A problem of RFC 9457.</summary>
internal sealed record Problem(string Title, int Status, string Detail)
{
    /// <summary>The part of the request that is wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }
}
