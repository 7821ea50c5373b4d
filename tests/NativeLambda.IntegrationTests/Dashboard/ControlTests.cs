using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.IntegrationTests.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>The controls, by HTTP.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private LocalLambda _lambda = null!;
    private DashboardClient _dashboard = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await LocalLambda.StartAsync(Options() with { DashboardPort = 0, MaxConcurrency = 4 });
        _dashboard = new DashboardClient(_lambda);
    }

    public async ValueTask DisposeAsync()
    {
        _dashboard.Dispose();
        await _lambda.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_port_there_is_no_dashboard()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        Assert.Null(lambda.DashboardUrl);
    }

    [Fact]
    public async Task An_environment_is_started_thawed_frozen_and_killed()
    {
        string id = (await _dashboard.PostOkAsync("/api/environments")).GetProperty("environment").GetString()!;
        Assert.Equal("frozen", await _dashboard.PhaseAsync(id));

        await _dashboard.PostOkAsync($"/api/environments/{id}/thaw");
        Assert.Equal(EnvironmentState.Idle, Assert.Single(_lambda.Environments).State);
        Assert.Equal("idle", await _dashboard.PhaseAsync(id));

        await _dashboard.PostOkAsync($"/api/environments/{id}/freeze");
        Assert.Equal("frozen", await _dashboard.PhaseAsync(id));

        int process = _lambda.Environments[0].ProcessId!.Value;
        await _dashboard.PostOkAsync($"/api/environments/{id}/kill");
        Assert.False(IsAlive(process));
        Assert.Empty(_lambda.Environments);
        Assert.Equal("dead", await _dashboard.PhaseAsync(id));
        (int status, _) = await _dashboard.PostAsync($"/api/environments/{id}/kill");
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task An_environment_is_shut_down_in_order()
    {
        string id = (await _lambda.StartEnvironmentAsync()).Id;
        await _dashboard.PostOkAsync($"/api/environments/{id}/shutdown");
        Assert.Empty(_lambda.Environments);
        JsonElement[] spans = [.. (await _dashboard.EnvironmentAsync(id)).GetProperty("spans").EnumerateArray()];
        Assert.Equal(["init", "idle", "frozen", "stopping", "dead"], spans.Select(static span => span[0].GetString()));
    }

    [Fact]
    public async Task One_that_is_frozen_in_mid_invocation_is_held_until_it_is_thawed()
    {
        Task<InvokeResult> invocation = _lambda.InvokeAsync(Steps("""[{"print":"begun"},{"sleep":50},{"respond":1}]"""));
        await _lambda.WaitForLogAsync(line => line.Text == "begun").Guarded();
        string id = Assert.Single(_lambda.Environments).Id;
        await _lambda.FreezeAsync(id);
        Assert.Equal("held", await _dashboard.PhaseAsync(id));
        Assert.False(invocation.IsCompleted);

        await _dashboard.PostOkAsync($"/api/environments/{id}/thaw");
        Assert.Equal(200, (await invocation.Guarded()).StatusCode);
        await _lambda.WaitUntilAsync(static environments => environments[0].State == EnvironmentState.Frozen).Guarded();
        Assert.Equal("frozen", await _dashboard.PhaseAsync(id));
    }

    [Fact]
    public async Task A_burst_scales_out_and_tells_what_was_throttled()
    {
        JsonElement result = await _dashboard.PostOkAsync(
            "/api/invoke/burst", """{"count":6,"payload":{"steps":[{"sleep":1500},{"respond":1}]}}""");
        Assert.Equal(4, result.GetProperty("succeeded").GetInt32());
        Assert.Equal(2, result.GetProperty("throttled").GetInt32());
        Assert.Equal(4, _lambda.Environments.Count);
        await _lambda.WaitUntilAsync(static environments => environments.All(static e => e.State == EnvironmentState.Frozen)).Guarded();

        JsonElement figures = (await _dashboard.StateAsync()).GetProperty("figures").GetProperty("all");
        Assert.Equal(4, figures.GetProperty("invocations").GetInt32());
        Assert.Equal(4, figures.GetProperty("coldStarts").GetInt32());
        Assert.True(figures.GetProperty("p50Ms").GetDouble() >= 1500);
        Assert.True(figures.GetProperty("p99Ms").GetDouble() >= figures.GetProperty("p50Ms").GetDouble());
    }

    [Fact]
    public async Task Dead_environments_are_shown_for_a_while_and_then_forgotten()
    {
        string id = (await _lambda.StartEnvironmentAsync()).Id;
        await _lambda.KillAsync(id);
        Assert.Equal("dead", await _dashboard.PhaseAsync(id));
        await Fixtures.Eventually.IsAsync(0, async () => (await _dashboard.EnvironmentsAsync()).Length);
    }

    [Theory]
    [InlineData("""{"count":0}""")]
    [InlineData("""{"count":1001}""")]
    [InlineData("""{"count":"many"}""")]
    [InlineData("""{"function":"another"}""")]
    [InlineData("""{"function":7}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("count=3")]
    public async Task A_body_that_makes_no_sense_is_400(string body)
    {
        (int status, JsonElement answer) = await _dashboard.PostAsync("/api/invoke/burst", body);
        Assert.Equal(400, status);
        Assert.Equal("BadRequest", answer.GetProperty("error").GetString());
        Assert.Empty(_lambda.Environments);
    }

    [Theory]
    [InlineData("/api/database/terminate")]
    [InlineData("/api/database/restart")]
    [InlineData("/api/network/drop")]
    [InlineData("/api/network/restore")]
    public async Task Without_a_database_its_controls_say_so(string path)
    {
        (int status, JsonElement answer) = await _dashboard.PostAsync(path);
        Assert.Equal(409, status);
        Assert.Contains("--postgres", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
