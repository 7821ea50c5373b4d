using System.Text.Json;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Samples;

/// <summary>samples/OrderQueue: a batch of SQS of which a part fails.</summary>
public sealed class OrderQueueTests(PostgresFixture postgres)
{
    private const string Sample = "OrderQueue";

    private const string Good = """{"article":"nut","quantity":2}""";

    [Fact]
    public async Task What_fails_comes_again_and_what_is_done_is_done_once()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        string batch = Batch(
            ("a", null, Good), ("no-json", null, "two nuts"), ("no-article", null, """{"quantity":2}"""), ("null", null, "null"),
            ("null-article", null, """{"article":null,"quantity":2}"""), ("none-ordered", null, """{"article":"nut","quantity":0}"""), ("b", null, Good));
        string[] failures = ["no-json", "no-article", "null", "null-article", "none-ordered"];

        Assert.Equal(failures, await InvokeAsync(sample, batch));
        Assert.Equal(2, await CountAsync(sample.Database, "orders"));
        await sample.Function.WaitForLogAsync("Message none-ordered was refused: 23514");

        // SQS delivers at least once: the same batch after a freeze.
        await sample.Function.WaitUntilFrozenAsync();
        Assert.Equal(failures, await InvokeAsync(sample, batch));
        Assert.Equal(2, await CountAsync(sample.Database, "orders"));
        Assert.Equal(2, await CountAsync(sample.Database, "inbox"));
    }

    [Fact]
    public async Task In_a_group_what_follows_a_failure_waits_for_it()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        Assert.Equal(
            ["g1", "g2"],
            await InvokeAsync(sample, Batch(("g1", "g", "no order"), ("h1", "h", Good), ("g2", "g", Good), ("h2", "h", Good))));
        Assert.Equal("h1 h2", await sample.Database.QueryAsAdminAsync<string>("SELECT string_agg(message_id, ' ' ORDER BY message_id) FROM inbox"));
    }

    [Fact]
    public async Task A_connection_that_dies_in_the_middle_of_a_batch_costs_no_message_and_doubles_none()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        Task<string[]> answer;
        // The second message waits for a transaction that has the same id.
        await using (BlockedStatements blocked = await BlockedStatements.ByAsync(sample.Database, "INSERT INTO inbox (message_id) VALUES ('b')"))
        {
            answer = InvokeAsync(sample, Batch(("a", null, Good), ("b", null, Good), ("c", null, Good)));
            int lost = await blocked.TerminateBackendAsync();
            await blocked.WaitForBackendAsync(other: lost);
        }

        Assert.Empty(await answer);
        Assert.Equal(3, await CountAsync(sample.Database, "orders"));
    }

    [Fact]
    public async Task What_the_deadline_left_undone_comes_again()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample, Deadlines.Near);
        await using (BlockedStatements blocked = await BlockedStatements.ByAsync(sample.Database, "INSERT INTO inbox (message_id) VALUES ('b')"))
        {
            Assert.Equal(["b", "c"], await InvokeAsync(sample, Batch(("a", null, Good), ("b", null, Good), ("c", null, Good))));
            await blocked.WaitForNoneAsync();
        }

        Assert.Equal(1, await CountAsync(sample.Database, "orders"));
    }

    /// <summary>An event as SQS sends it.</summary>
    private static string Batch(params (string Id, string? Group, string Body)[] messages) => JsonSerializer.Serialize(new
    {
        Records = messages.Select(static message => new
        {
            messageId = message.Id,
            receiptHandle = "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            body = message.Body,
            attributes = message.Group is null
                ? new Dictionary<string, string> { ["ApproximateReceiveCount"] = "1" }
                : new Dictionary<string, string> { ["ApproximateReceiveCount"] = "1", ["MessageGroupId"] = message.Group },
            messageAttributes = new { },
            md5OfBody = "e4e68fb7bd0e697a0ae8f1bb342846b3",
            eventSource = "aws:sqs",
            eventSourceARN = "arn:aws:sqs:us-east-1:123456789012:orders",
            awsRegion = "us-east-1",
        }),
    });

    private static async Task<string[]> InvokeAsync(SampleFunction sample, string batch) =>
    [
        .. (await sample.InvokeAsync(batch)).GetProperty("batchItemFailures").EnumerateArray().Select(static failure => failure.GetProperty("itemIdentifier").GetString()!),
    ];

    private static Task<long> CountAsync(TestDatabase database, string table) => database.QueryAsAdminAsync<long>($"SELECT count(*) FROM {table}");
}
