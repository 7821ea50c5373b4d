using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Limits;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Access;

public sealed class LimitsTests
{
    [Fact]
    public async Task Over_a_route_s_rate_it_is_429_until_tokens_come_back()
    {
        await using PipelineHost host = await AccessPipeline.StartAsync(new AccessOptions(),
        [
            PipelineHost.Route("GET", "/slow", new RouteAccessOptions { Rate = new RateLimitOptions(0.01, 2) }),
            PipelineHost.Route("GET", "/fast", new RouteAccessOptions { Rate = new RateLimitOptions(20, 1) }),
        ]);
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage taken = await host.SendAsync("GET", "/slow");
            Assert.Equal(200, (int)taken.StatusCode);
        }
        using HttpResponseMessage over = await host.SendAsync("GET", "/slow");
        await Answer.IsAsync(over, 429, "Too Many Requests");
        Assert.Equal("rate_limit", host.Last!.Error);
        Assert.InRange(over.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 100);
        // Another route's bucket is another one, and it fills by itself.
        for (int served = 0; served < 5;)
        {
            using HttpResponseMessage response = await host.SendAsync("GET", "/fast");
            if (response.IsSuccessStatusCode) served++;
            else Assert.Equal("1", response.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task Over_a_route_s_concurrency_it_is_429_and_the_queue_waits_its_turn()
    {
        var release = new SemaphoreSlim(0);
        await using PipelineHost host = await AccessPipeline.StartAsync(
            new AccessOptions(),
            [PipelineHost.Route("GET", "/", new RouteAccessOptions { Concurrency = new ConcurrencyLimitOptions(1, 1) })],
            async _ => await release.WaitAsync());
        Task<HttpResponseMessage>[] sent = [.. Enumerable.Range(0, 3).Select(_ => host.SendAsync("GET", "/"))];
        // One is inside, one waits: the third is told at once, whichever it was.
        Task<HttpResponseMessage> refused = await Task.WhenAny(sent);
        await Answer.IsAsync(await refused, 429, "Too Many Requests");
        Assert.Equal("1", (await refused).Header("Retry-After"));
        Assert.Equal("concurrency_limit", host.Last!.Error);
        release.Release(2);
        foreach (Task<HttpResponseMessage> other in sent.Where(task => task != refused)) Assert.Equal(200, (int)(await other).StatusCode);
        release.Release();
        using HttpResponseMessage after = await host.SendAsync("GET", "/");
        Assert.Equal(200, (int)after.StatusCode);
    }

    [Fact]
    public async Task Over_the_gateway_s_limit_it_is_503()
    {
        var release = new SemaphoreSlim(0);
        await using PipelineHost host = await AccessPipeline.StartAsync(
            new AccessOptions { MaxInFlight = 2 }, [PipelineHost.Route("GET", "/", RouteAccessOptions.Open)], async _ => await release.WaitAsync());
        Task<HttpResponseMessage>[] sent = [.. Enumerable.Range(0, 3).Select(_ => host.SendAsync("GET", "/"))];
        Task<HttpResponseMessage> refused = await Task.WhenAny(sent);
        await Answer.IsAsync(await refused, 503, "Service Unavailable");
        Assert.Equal("1", (await refused).Header("Retry-After"));
        Assert.Equal("overload", host.Last!.Error);
        release.Release(3);
        await Task.WhenAll(sent);
        using HttpResponseMessage after = await host.SendAsync("GET", "/");
        Assert.Equal(200, (int)after.StatusCode);
    }

    [Fact]
    public async Task Who_may_not_come_in_takes_no_token_from_who_may()
    {
        const string Key = "k-0123456789-0123456789";
        string hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Key)));
        await using PipelineHost host = await AccessPipeline.StartAsync(
            new AccessOptions { ApiKeys = [new("one", Sha256: hash)] },
            [PipelineHost.Route("GET", "/", new RouteAccessOptions { ApiKeys = [], Rate = new RateLimitOptions(0.01, 1) })]);
        for (int i = 0; i < 3; i++) (await host.SendAsync("GET", "/")).Dispose();
        using HttpResponseMessage response = await host.SendAsync("GET", "/", ("x-api-key", Key));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_read_again_fills_no_bucket_unless_its_limit_changed()
    {
        using var services = AccessServices.Create(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await using PipelineHost host = await AccessPipeline.StartAsync(new AccessOptions(), [Limited(1)], services: services);
        (await host.SendAsync("GET", "/")).Dispose();
        Replace(1);
        using HttpResponseMessage same = await host.SendAsync("GET", "/");
        Assert.Equal(429, (int)same.StatusCode);
        Replace(2);
        using HttpResponseMessage other = await host.SendAsync("GET", "/");
        Assert.Equal(200, (int)other.StatusCode);

        void Replace(int burst)
        {
            GatewaySnapshot old = host.State.Current, next = new(new GatewayConfiguration { Routes = [Limited(burst)] }, services, old);
            host.State.Replace(next);
            old.Access.Retire(next.Access);
        }

        static Gateway.Routing.Route Limited(int burst) => PipelineHost.Route("GET", "/", new RouteAccessOptions { Rate = new RateLimitOptions(0.01, burst) });
    }

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(-1.0, 1)]
    [InlineData(1.0, 0)]
    public void A_rate_that_lets_nothing_in_is_refused(double perSecond, int burst) =>
        Assert.Throws<AccessOptionsException>(() => new RouteLimits(new RateLimitOptions(perSecond, burst), null));

    [Fact]
    public void A_concurrency_that_lets_nothing_in_is_refused()
    {
        Assert.Throws<AccessOptionsException>(() => new RouteLimits(null, new ConcurrencyLimitOptions(0)));
        Assert.Throws<AccessOptionsException>(() => new RouteLimits(null, new ConcurrencyLimitOptions(1, -1)));
    }
}
