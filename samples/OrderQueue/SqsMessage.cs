using System.Text.Json.Serialization;

namespace NativeLambda.Samples.OrderQueue;

/// <summary>A message. It may come more than once, also from a FIFO queue.</summary>
/// <param name="MessageId">Its id: the same each time that it comes.</param>
/// <param name="Body">What the sender wrote.</param>
/// <param name="Attributes">What SQS says about it.</param>
internal sealed record SqsMessage(
    [property: JsonRequired] string MessageId, [property: JsonRequired] string Body, IReadOnlyDictionary<string, string>? Attributes)
{
    /// <summary>The group within which a FIFO queue keeps order; <see langword="null"/> for a standard queue.</summary>
    [JsonIgnore]
    public string? Group => Attributes?.GetValueOrDefault("MessageGroupId");
}
