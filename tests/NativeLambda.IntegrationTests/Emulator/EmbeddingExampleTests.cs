using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.IntegrationTests.Emulator;

// docs/emulator.md shows this class, and DocumentationTests that it is the same there.
// begin
public sealed class EmbeddingExampleTests : IAsyncLifetime
{
    private LocalLambda _lambda = null!;

    public async ValueTask InitializeAsync() => _lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
    {
        // Any bootstrap; this one the build copies beside the tests.
        Bootstrap = Path.Combine(AppContext.BaseDirectory, "Emulator", "bootstraps", "obedient"),
        Timeout = TimeSpan.FromSeconds(30),
        // The function gets these and Lambda's own variables, nothing of the tests' environment.
        Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! },
    });

    public ValueTask DisposeAsync() => _lambda.DisposeAsync();

    [Fact]
    public async Task What_is_in_memory_survives_a_freeze()
    {
        await _lambda.InvokeAsync("{}");
        // By the kernel's word: every process stands still. Now is the time to do to the world what the function is to notice.
        await _lambda.WaitUntilAsync(environments => environments.All(environment => environment.State == EnvironmentState.Frozen));

        InvokeResult result = await _lambda.InvokeAsync("{}", new InvokeOptions { LogTail = true });

        Assert.Null(result.FunctionError);
        Assert.Contains("\"invocations\":2", result.PayloadText, StringComparison.Ordinal); // the same process answered both
        Assert.Contains("REPORT", result.LogTail, StringComparison.Ordinal);
        Assert.Single(_lambda.Environments);
    }

    [Fact]
    public async Task A_process_that_dies_is_told_to_the_caller_as_on_Lambda()
    {
        InvokeResult result = await _lambda.InvokeAsync("""{"steps":[{"exit":7}]}""");

        Assert.Equal("Runtime.ExitError", result.ErrorType);
        Assert.Contains("Runtime exited with error: exit status 7", result.PayloadText, StringComparison.Ordinal);
    }
}
// end
