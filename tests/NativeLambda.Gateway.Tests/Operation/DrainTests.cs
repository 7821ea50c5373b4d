using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Management;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>The end in order, with requests under way on real connections.</summary>
public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly RecordingLogger _logger = new();
    private readonly SemaphoreSlim _reached = new(0), _release = new(0);

    public void Dispose()
    {
        _reached.Dispose();
        _release.Dispose();
    }

    private Task<PipelineHost> StartAsync(TimeProvider? time = null) => PipelineHost.StartAsync(
        new GatewayConfiguration { Operation = new OperationOptions { AccessLog = null, Management = ManagementOptions.Default with { Port = 0 } } },
        async context =>
        {
            if (context.Request.Path == "/slow")
            {
                _reached.Release();
                await _release.WaitAsync(context.RequestAborted);
            }
            await context.Response.WriteAsync("done");
        },
        logger: _logger,
        time: time);

    private static async Task<(int Status, string Body)> ReadyAsync(PipelineHost host)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri(host.Operation.ManagementAddress!, "/readyz"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Requests_under_way_are_answered_and_new_connections_are_refused()
    {
        await using PipelineHost host = await StartAsync();
        Assert.Equal(200, (await ReadyAsync(host)).Status);
        Task<HttpResponseMessage> slow = host.SendAsync("GET", "/slow");
        await _reached.WaitAsync();
        Task<int> drain = host.DrainAsync(new DrainOptions(TimeSpan.Zero, Long));
        // Management is there to the last, and says why.
        Assert.Equal((503, "{\"status\":\"not ready\",\"problems\":[\"draining\"]}\n"), await ReadyAsync(host));
        await Eventually.IsTrueAsync(() => IsRefused(host.Client.BaseAddress!));
        Assert.False(drain.IsCompleted);
        _release.Release();
        using HttpResponseMessage response = await slow;
        Assert.Equal("done", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, await drain);
        Assert.True(_logger.Has("Information: Ending: 1 requests are under way"));
        Assert.True(_logger.Has("Every request was answered"));
    }

    [Fact]
    public async Task During_the_delay_it_serves_as_before_and_asks_clients_to_come_back_elsewhere()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using PipelineHost host = await StartAsync(clock);
        using (HttpResponseMessage before = await host.SendAsync("GET", "/")) Assert.False(before.Headers.ConnectionClose ?? false);
        Task<int> drain = host.DrainAsync(new DrainOptions(TimeSpan.FromSeconds(10), Long));
        Assert.Equal(503, (await ReadyAsync(host)).Status);
        using (HttpResponseMessage during = await host.SendAsync("GET", "/"))
        {
            Assert.Equal("done", await during.Content.ReadAsStringAsync());
            Assert.True(during.Headers.ConnectionClose);
        }
        Assert.False(drain.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await drain);
        Assert.True(IsRefused(host.Client.BaseAddress!));
    }

    [Fact]
    public async Task What_is_not_done_at_the_timeout_is_cut_off_and_counted()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using PipelineHost host = await StartAsync(clock);
        Task<HttpResponseMessage> slow = host.SendAsync("GET", "/slow");
        await _reached.WaitAsync();
        Task<int> drain = host.DrainAsync(new DrainOptions(TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        await Eventually.IsTrueAsync(() => IsRefused(host.Client.BaseAddress!));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await drain);
        await Assert.ThrowsAsync<HttpRequestException>(() => slow);
        Assert.True(_logger.Has("Warning: 1 requests were cut off"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)] // in the delay
    public async Task A_second_signal_ends_it_at_once(int delay)
    {
        await using PipelineHost host = await StartAsync();
        Task<HttpResponseMessage> slow = host.SendAsync("GET", "/slow");
        await _reached.WaitAsync();
        using var hurry = new CancellationTokenSource();
        Task<int> drain = host.DrainAsync(new DrainOptions(TimeSpan.FromSeconds(delay), Long), hurry.Token);
        if (delay == 0) await Eventually.IsTrueAsync(() => IsRefused(host.Client.BaseAddress!));
        await hurry.CancelAsync();
        Assert.Equal(1, await drain);
        await Assert.ThrowsAsync<HttpRequestException>(() => slow);
    }

    [Fact]
    public async Task Connections_that_only_wait_do_not_hold_it_up()
    {
        await using PipelineHost host = await StartAsync();
        using var idle = new TcpClient();
        await idle.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port);
        await idle.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        Assert.True(await idle.GetStream().ReadAsync(new byte[4096]) > 0);
        Assert.Equal(0, await host.DrainAsync(new DrainOptions(TimeSpan.Zero, Long)));
    }

    private static bool IsRefused(Uri address)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(address.Host, address.Port);
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }
}
