using System.Text.Json.Serialization;

namespace NativeLambda.Samples.OrderQueue;

/// <summary>What a queue of SQS sends: a batch of messages.</summary>
/// <param name="Records">The messages; those of a FIFO queue in order.</param>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event">Lambda with SQS</see>.</remarks>
internal sealed record SqsEvent([property: JsonPropertyName("Records"), JsonRequired] IReadOnlyList<SqsMessage> Records);
