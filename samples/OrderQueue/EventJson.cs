using System.Text.Json.Serialization;

namespace NativeLambda.Samples.OrderQueue;

/// <summary>How events and bodies are read and results are written: generated, for Native AOT has no reflection to do it with.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SqsEvent))]
[JsonSerializable(typeof(SqsBatchResult))]
[JsonSerializable(typeof(Order))]
internal sealed partial class EventJson : JsonSerializerContext;
