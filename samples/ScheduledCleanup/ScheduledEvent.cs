using System.Text.Json.Serialization;

namespace NativeLambda.Samples.ScheduledCleanup;

/// <summary>What a rule of EventBridge with a schedule sends, as far as it matters here.</summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html">EventBridge, schedule for a Lambda function</see>.</remarks>
internal sealed record ScheduledEvent
{
    /// <summary>The id of the event. The same event may come more than once.</summary>
    [JsonRequired]
    public string Id { get; init; } = "";

    /// <summary>The moment that the schedule meant.</summary>
    [JsonRequired]
    public DateTimeOffset Time { get; init; }
}
