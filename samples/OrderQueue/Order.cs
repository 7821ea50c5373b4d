using System.Text.Json.Serialization;

namespace NativeLambda.Samples.OrderQueue;

/// <summary>The body of a message.</summary>
internal sealed record Order([property: JsonRequired] string Article, [property: JsonRequired] int Quantity);
