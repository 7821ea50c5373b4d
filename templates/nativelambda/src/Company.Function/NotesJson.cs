using System.Text.Json.Serialization;

namespace Company.Function;

/// <summary>How JSON is read and written: generated, for Native AOT has no reflection to do it with.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(NoteBody))]
internal sealed partial class NotesJson : JsonSerializerContext;
