using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Fixtures;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Gateway;

/// <summary>The published gateway, in Native AOT, as people run it.</summary>
public sealed class GatewayProgramTests
{
    private static string Program => GatewayProgram.Required;

    [Fact]
    public async Task Bad_usage_exits_with_2_and_a_bad_file_with_1()
    {
        Assert.Equal(2, (await RunAsync("--colour")).Exit);
        (int exit, string told) = await RunAsync("--config", "/nowhere/gateway.json", "--check");
        Assert.Equal(1, exit);
        Assert.Contains("/nowhere/gateway.json", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_serves_a_function_without_a_file_and_ends_at_SIGTERM_with_0()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { FunctionName = "f" });
        using var gateway = new RunningGateway(Program, "--function", "f", "--endpoint", lambda.InvokeEndpoint.ToString(), "--listen", "http://127.0.0.1:0", "--region", "us-east-1");
        Uri address = await gateway.ListeningAsync();
        using (var client = new HttpClient { BaseAddress = address, Timeout = Guard })
            Assert.Equal(200, (int)(await client.GetAsync("/")).StatusCode);
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    [Fact]
    public async Task A_file_that_changes_and_SIGHUP_take_effect_while_it_runs()
    {
        string folder = Directory.CreateTempSubdirectory("gateway-").FullName, file = Path.Combine(folder, "gateway.json");
        try
        {
            await File.WriteAllTextAsync(file, FileWith("GET /one"));
            using var gateway = new RunningGateway(Program, "--config", file);
            using var client = new HttpClient { BaseAddress = await gateway.ListeningAsync(), Timeout = Guard };
            Assert.Equal(503, await StatusAsync(client, "/one")); // nobody listens at its endpoint, but the route is there
            Assert.Equal(404, await StatusAsync(client, "/two"));
            await File.WriteAllTextAsync(file, FileWith("GET /two"));
            await NativeLambda.IntegrationTests.Fixtures.Eventually.IsAsync(404, () => StatusAsync(client, "/one"));
            Assert.Equal(503, await StatusAsync(client, "/two"));
            await File.WriteAllTextAsync(file, "{");
            Assert.Equal(0, await gateway.TerminateAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FileWith(string route) => $$"""
        {
          "listeners": [ { "url": "http://127.0.0.1:0" } ], "management": false, "accessLog": false,
          "lambda": { "endpoint": "http://127.0.0.1:1", "region": "us-east-1", "maxRetries": 0 },
          "routes": [ { "route": "{{route}}", "function": "f" } ]
        }
        """;

    private static async Task<int> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(path);
        return (int)response.StatusCode;
    }

    private static async Task<(int Exit, string Told)> RunAsync(params string[] arguments)
    {
        using var gateway = new RunningGateway(Program, arguments);
        return await gateway.EndAsync();
    }
}
