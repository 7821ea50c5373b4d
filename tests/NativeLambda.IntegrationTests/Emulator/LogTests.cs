using System.Text;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Logging;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class LogTests
{
    [Fact]
    public async Task What_the_function_writes_stands_between_START_and_END()
    {
        var sink = new List<LogLine>();
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options("""[{"print":"in Init"}]""") with { LogSink = sink.Add });
        InvokeResult result = await lambda.InvokeAsync(
            Steps("""[{"print":"one"},{"complain":"two"},{"respond":1},{"print":"after the response"}]"""), new InvokeOptions { LogTail = true }).Guarded();
        string[] texts = [.. sink.Select(line => line.Text)];
        Assert.Equal("in Init", texts[0]);
        Assert.Equal($"START RequestId: {result.RequestId} Version: $LATEST", texts[1]);
        // Two pipes: their order among each other is not known.
        Assert.Equal(["after the response", "one", "two"], texts[2..5].Order(StringComparer.Ordinal));
        Assert.Equal($"END RequestId: {result.RequestId}", texts[5]);
        Assert.StartsWith($"REPORT RequestId: {result.RequestId}\t", texts[6], StringComparison.Ordinal);
        Assert.Equal(LogSource.StandardError, sink.Single(line => line.Text == "two").Source);
        Assert.Equal(LogSource.StandardOutput, sink.Single(line => line.Text == "one").Source);
        Assert.Equal(string.Concat(texts[1..].Select(text => text + "\n")), result.LogTail);
    }

    [Fact]
    public async Task REPORT_has_the_figures_and_Init_Duration_only_the_first_time()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { MemorySizeMb = 256 });
        var options = new InvokeOptions { LogTail = true };
        string first = Report((await lambda.InvokeAsync("{}", options).Guarded()).LogTail!);
        string second = Report((await lambda.InvokeAsync("{}", options).Guarded()).LogTail!);
        const string Figures = @"^REPORT RequestId: [0-9a-f-]{36}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: [1-9]\d* MB\t";
        Assert.Matches(Figures + @"Init Duration: \d+\.\d\d ms\t$", first);
        Assert.Matches(Figures + "$", second);
    }

    [Fact]
    public async Task The_tail_is_the_last_4_KB_of_a_flood()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync(Steps("""[{"printMany":20000},{"respond":1}]"""), new InvokeOptions { LogTail = true }).Guarded();
        Assert.Equal(4096, Encoding.UTF8.GetByteCount(result.LogTail!));
        Assert.Contains("line 20000 ", result.LogTail, StringComparison.Ordinal);
        Assert.Contains("\nREPORT ", result.LogTail, StringComparison.Ordinal);
    }

    private static string Report(string tail) => tail.Split('\n').Single(line => line.StartsWith("REPORT", StringComparison.Ordinal));
}
