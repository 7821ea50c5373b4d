namespace NativeLambda.Samples.OrderQueue;

/// <summary>Which messages are to come again. The event source mapping must have <c>ReportBatchItemFailures</c>, or nobody reads it.</summary>
/// <param name="BatchItemFailures">The messages; none: all are done and leave the queue.</param>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting">Lambda, partial batch responses</see>.</remarks>
internal sealed record SqsBatchResult(IReadOnlyList<SqsBatchItemFailure> BatchItemFailures);
