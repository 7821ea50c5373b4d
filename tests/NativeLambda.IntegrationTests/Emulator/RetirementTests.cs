using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>Environments that end because of their idle time or their age, on a clock that the test turns.</summary>
public sealed class RetirementTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task One_that_has_been_idle_for_too_long_is_shut_down_in_order()
    {
        await using LocalLambda lambda = await StartAsync("""[{"register":1},{"tellTerm":1}]""", options => options with { IdleTimeout = TimeSpan.FromMinutes(5) });
        await lambda.InvokeAsync("{}").Guarded();
        await AllAsync(lambda, EnvironmentState.Frozen);
        _time.Advance(TimeSpan.FromMinutes(5) - Moment);
        Assert.Single(lambda.Environments);
        _time.Advance(Moment);
        await lambda.WaitForLogAsync(line => line.Text == "SIGTERM seen").Guarded();
        await lambda.WaitUntilAsync(environments => environments.Count == 0).Guarded();
    }

    [Fact]
    public async Task Every_invocation_begins_the_idle_time_anew()
    {
        await using LocalLambda lambda = await StartAsync(init: null, options => options with { IdleTimeout = TimeSpan.FromMinutes(5) });
        for (int round = 0; round < 3; round++)
        {
            await lambda.InvokeAsync("{}").Guarded();
            await AllAsync(lambda, EnvironmentState.Frozen);
            _time.Advance(TimeSpan.FromMinutes(4));
        }
        Assert.Equal(3, Assert.Single(lambda.Environments).Invocations);
    }

    [Fact]
    public async Task One_that_is_too_old_is_shut_down_even_if_it_is_provisioned()
    {
        await using LocalLambda lambda = await StartAsync(init: null, options => options with { IdleTimeout = Moment, MaxAge = TimeSpan.FromHours(2) });
        EnvironmentSnapshot early = await lambda.StartEnvironmentAsync().Guarded();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(early.Id, Assert.Single(lambda.Environments).Id);
        _time.Advance(TimeSpan.FromHours(1));
        await lambda.WaitUntilAsync(environments => environments.Count == 0).Guarded();
    }

    [Fact]
    public async Task A_busy_one_that_grows_too_old_finishes_its_invocation_and_the_next_one_goes_elsewhere()
    {
        await using LocalLambda lambda = await StartAsync(
            init: null, options => options with { MaxAge = TimeSpan.FromMinutes(10), Timeout = TimeSpan.FromMinutes(15) });
        Task<InvokeResult> first = lambda.InvokeAsync(Steps("""[{"print":"parked"},{"sleep":300},{"echo":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "parked").Guarded();
        _time.Advance(TimeSpan.FromMinutes(10));
        int old = (await first.Guarded()).Json().GetProperty("pid").GetInt32();
        Assert.NotEqual(old, (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("pid").GetInt32());
        await lambda.WaitUntilAsync(environments => environments.Count == 1).Guarded();
    }

    private static async Task AllAsync(LocalLambda lambda, EnvironmentState state) =>
        await lambda.WaitUntilAsync(environments => environments.All(environment => environment.State == state)).Guarded();

    private Task<LocalLambda> StartAsync(string? init, Func<LocalLambdaOptions, LocalLambdaOptions> change) =>
        LocalLambda.StartAsync(change(Options(init) with { TimeProvider = _time }));
}
