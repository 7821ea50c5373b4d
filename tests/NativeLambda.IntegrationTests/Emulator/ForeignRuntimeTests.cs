using System.Net;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class ForeignRuntimeTests
{
    public static TheoryData<string> All => [ForeignRuntimes.Shell, ForeignRuntimes.Python, ForeignRuntimes.Go, ForeignRuntimes.Ric];

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_answers_fails_and_answers_again_frozen_in_between(string runtime)
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(ForeignRuntimes.Options(runtime));
        int process = await AnswerAsync(lambda, """{"name":"ü","n":[1,2]}""");
        await FrozenAsync(lambda);
        InvokeResult failure = await lambda.InvokeAsync("""{"fail":true}""").Guarded();
        Assert.Equal(("Unhandled", "Foreign.Failed"), (failure.FunctionError, failure.Json().GetProperty("errorType").GetString()));
        Assert.Equal("on purpose", failure.Json().GetProperty("errorMessage").GetString());
        await FrozenAsync(lambda);
        Assert.Equal(process, await AnswerAsync(lambda, """{"again":true}"""));
        EnvironmentSnapshot environment = await FrozenAsync(lambda);
        Assert.Equal((3, 1), (environment.Invocations, environment.ProcessesStarted));
        await lambda.ShutdownEnvironmentAsync(environment.Id).Guarded();
        Assert.False(IsAlive(process));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Twenty_environments_serve_at_once(string runtime)
    {
        const int Count = 20;
        await using LocalLambda lambda = await LocalLambda.StartAsync(ForeignRuntimes.Options(runtime) with { MaxConcurrency = Count });
        string gate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Task<int>[] invocations = [.. Enumerable.Range(0, Count).Select(_ => AnswerAsync(lambda, $$"""{"gate": "{{gate}}"}"""))];
        await lambda.WaitUntilAsync(static all => all.Count(static environment => environment.State == EnvironmentState.Busy) == Count).Guarded();
        await File.WriteAllTextAsync(gate, "");
        int[] processes = await Task.WhenAll(invocations);
        File.Delete(gate);
        Assert.Equal(Count, processes.Distinct().Count());
        await lambda.WaitUntilAsync(static all => all.All(static environment => environment.State == EnvironmentState.Frozen)).Guarded();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_streams(string runtime)
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            ForeignRuntimes.Options(runtime, "foreign.streaming") with { InvokeMode = FunctionUrlInvokeMode.ResponseStream });
        using var client = new HttpClient { Timeout = Guard };
        string target = new Uri(lambda.InvokeEndpoint, "/2021-11-15/functions/function/response-streaming-invocations").ToString();
        using HttpResponseMessage response = await client.PostAsync(target, new StringContent("""{"stream":true}"""));
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        string payload = "";
        StreamEvent next;
        while ((next = (await StreamEvent.ReadAsync(stream).Guarded())!).Type == "PayloadChunk") payload += next.Text;
        Assert.Equal(("onetwo", "InvokeComplete", "{}"), (payload, next.Type, next.Text));
        Assert.Equal("onetwo", (await lambda.InvokeAsync("""{"stream":true}""").Guarded()).PayloadText); // all of it at once
    }

    [Fact]
    public async Task AWSs_own_client_sends_a_prelude_to_the_function_URL_and_its_error_in_the_trailers()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(
            ForeignRuntimes.Options(ForeignRuntimes.Ric, "foreign.streaming") with { InvokeMode = FunctionUrlInvokeMode.ResponseStream });
        using var client = new HttpClient { Timeout = Guard };
        using HttpResponseMessage response = await client.GetAsync(lambda.FunctionUrl);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("yes", response.Headers.GetValues("X-Mine").Single());
        Assert.Equal("onetwo", await response.Content.ReadAsStringAsync());
        InvokeResult failure = await lambda.InvokeAsync("""{"fail":true}""").Guarded();
        Assert.Equal("Unhandled", failure.FunctionError);
        Assert.Equal("on purpose", failure.Json().GetProperty("errorMessage").GetString());
    }

    private static async Task<int> AnswerAsync(LocalLambda lambda, string @event)
    {
        InvokeResult result = await lambda.InvokeAsync(@event).Guarded();
        Assert.Null(result.FunctionError);
        Assert.True(JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(@event), result.Json().GetProperty("event")), result.PayloadText);
        return result.Json().GetProperty("pid").GetInt32();
    }

    private static async Task<EnvironmentSnapshot> FrozenAsync(LocalLambda lambda) =>
        (await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded())[0];
}
