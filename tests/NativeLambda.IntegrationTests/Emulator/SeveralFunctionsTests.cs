using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NativeLambda.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class SeveralFunctionsTests : IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = Guard };
    private LocalLambda _lambda = null!;

    public async ValueTask InitializeAsync()
    {
        FunctionOptions function = Options();
        _lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Functions =
            [
                function with { FunctionName = "orders", MemorySizeMb = 256, Description = "takes orders", MaxConcurrency = 1 },
                function with { FunctionName = "stock", Handler = "stock.handler", Timeout = TimeSpan.FromSeconds(7) },
                function with { FunctionName = "bills", Environment = new Dictionary<string, string>(function.Environment) { ["TOKEN"] = "hunter2" } },
            ],
        });
        _client.BaseAddress = _lambda.InvokeEndpoint;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task Each_runs_in_environments_of_its_own_with_its_own_settings()
    {
        JsonElement orders = await InvokeAsync("orders"), stock = await InvokeAsync("stock");
        Assert.NotEqual(orders.GetProperty("pid").GetInt32(), stock.GetProperty("pid").GetInt32());
        Assert.Equal(("orders", "256", "bootstrap"), Settings(orders));
        Assert.Equal(("stock", "128", "stock.handler"), Settings(stock));
        Assert.Single(_lambda.Function("orders").Environments);
        Assert.Single(_lambda.Function("stock").Environments);
        Assert.Empty(_lambda.Function("bills").Environments);
        Assert.Equal(2, _lambda.Environments.Count);
    }

    [Fact]
    public async Task Each_has_a_URL_and_a_log_of_its_own()
    {
        Assert.Equal(3, _lambda.Functions.Select(function => function.Url).Distinct().Count());
        JsonElement stock = await _client.GetFromJsonAsync<JsonElement>(_lambda.Function("stock").Url);
        Assert.Equal("stock", Settings(stock).Name);
        await _lambda.WaitForLogAsync(line => line.FunctionName == "stock" && line.Text.StartsWith("REPORT", StringComparison.Ordinal)).Guarded();
        Assert.All(_lambda.Function("stock").LogLines, line => Assert.Equal("stock", line.FunctionName));
        Assert.Empty(_lambda.Function("orders").LogLines);
    }

    [Fact]
    public async Task One_at_its_limit_does_not_throttle_another()
    {
        Task<InvokeResult> parked = _lambda.Function("orders").InvokeAsync(Steps("""[{"print":"parked"},{"hang":1}]"""));
        await _lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        Assert.Equal(429, (await _lambda.Function("orders").InvokeAsync("{}").Guarded()).StatusCode);
        Assert.Equal(200, (await _lambda.Function("stock").InvokeAsync("{}").Guarded()).StatusCode);
        Assert.False(parked.IsCompleted);
    }

    [Fact]
    public async Task They_are_listed_in_pages()
    {
        JsonElement first = await _client.GetFromJsonAsync<JsonElement>("/2015-03-31/functions/?MaxItems=2");
        Assert.Equal(["orders", "stock"], Names(first));
        Assert.Equal("takes orders", first.GetProperty("Functions")[0].GetProperty("Description").GetString());
        JsonElement second = await _client.GetFromJsonAsync<JsonElement>($"/2015-03-31/functions/?MaxItems=2&Marker={first.GetProperty("NextMarker").GetString()}");
        Assert.Equal(["bills"], Names(second));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("NextMarker").ValueKind);
        using HttpResponseMessage strange = await _client.GetAsync("/2015-03-31/functions/?Marker=strange");
        Assert.Equal(HttpStatusCode.BadRequest, strange.StatusCode);
    }

    [Fact]
    public async Task One_is_described_without_its_variables()
    {
        string text = await _client.GetStringAsync("/2015-03-31/functions/bills");
        JsonElement configuration = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("Configuration");
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:bills", configuration.GetProperty("FunctionArn").GetString());
        Assert.Equal("Active", configuration.GetProperty("State").GetString());
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        JsonElement alone = await _client.GetFromJsonAsync<JsonElement>("/2015-03-31/functions/stock/configuration");
        Assert.Equal(7, alone.GetProperty("Timeout").GetInt32());
        using HttpResponseMessage absent = await _client.GetAsync("/2015-03-31/functions/absent");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task Two_of_one_name_are_refused()
    {
        FunctionOptions function = Options();
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(
            () => LocalLambda.StartAsync(new LocalLambdaOptions { Functions = [function, function] }));
        Assert.Equal("2 functions are named function", exception.Message);
    }

    private static IEnumerable<string?> Names(JsonElement page) =>
        page.GetProperty("Functions").EnumerateArray().Select(function => function.GetProperty("FunctionName").GetString());

    private static (string? Name, string? Memory, string? Handler) Settings(JsonElement echo)
    {
        JsonElement environment = echo.GetProperty("environment");
        return (environment.GetProperty("AWS_LAMBDA_FUNCTION_NAME").GetString(), environment.GetProperty("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").GetString(),
            environment.GetProperty("_HANDLER").GetString());
    }

    private async Task<JsonElement> InvokeAsync(string name) => (await _lambda.Function(name).InvokeAsync("{}").Guarded()).Json();
}
