namespace NativeLambda.Samples.OrderQueue;

/// <summary>A message that is to come again.</summary>
/// <param name="ItemIdentifier">Its <see cref="SqsMessage.MessageId"/>.</param>
internal sealed record SqsBatchItemFailure(string ItemIdentifier);
