using System.Text.Json.Serialization;

namespace NativeLambda.Samples.ScheduledCleanup;

/// <summary>How events are read and results are written: generated, for Native AOT has no reflection to do it with.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ScheduledEvent))]
[JsonSerializable(typeof(CleanupResult))]
internal sealed partial class EventJson : JsonSerializerContext;
