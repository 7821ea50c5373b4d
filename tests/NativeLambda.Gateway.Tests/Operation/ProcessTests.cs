using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>The command as a process: signals, exit statuses, what systemd and a collector are told, and what is left at the end.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private readonly SemaphoreSlim _reached = new(0), _release = new(0);
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exported = new();
    private WebApplication _services = null!;
    private string? _traceHeader;

    /// <summary>A Lambda service whose function answers when it is let go, and a collector of OpenTelemetry's, on one port.</summary>
    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _services = builder.Build();
        _services.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            if (context.Request.Path.StartsWithSegments("/v1"))
            {
                _exported.Enqueue((context.Request.Path, body.ToArray()));
                return;
            }
            _traceHeader = context.Request.Headers["X-Amzn-Trace-Id"];
            _reached.Release();
            await _release.WaitAsync(context.RequestAborted);
            context.Response.Headers["x-amzn-RequestId"] = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
            await context.Response.WriteAsync("""{"statusCode":200,"body":"done"}""");
        });
        await _services.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _reached.Dispose();
        _release.Dispose();
    }

    private string Configuration(string more = "") =>
        $$"""
        {
          "listeners": [ { "url": "http://127.0.0.1:0" } ], "management": false, "lambda": { "endpoint": "{{_services.Urls.First()}}" },
          "routes": [ { "route": "GET /products/{id}", "function": "products" } ]{{more}}
        }
        """;

    [Fact]
    public async Task At_SIGTERM_it_answers_what_is_under_way_tells_systemd_loses_no_line_and_ends_with_0()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Configuration());
        Assert.StartsWith("READY=1\n", await gateway.NotifiedAsync(), StringComparison.Ordinal);
        Task<string> request = gateway.Client.GetStringAsync(new Uri("/products/1?q=s3cret", UriKind.Relative));
        await _reached.WaitAsync();
        await gateway.SignalAsync("TERM");
        Assert.Equal("STOPPING=1", await gateway.NotifiedAsync());
        _release.Release();
        Assert.Equal("done", await request);
        Assert.Equal(0, await gateway.ExitAsync());
        JsonElement line = JsonDocument.Parse(Assert.Single(gateway.Output)).RootElement;
        Assert.Equal((200, "GET /products/{id}", "products"), (line.GetProperty("status").GetInt32(), line.GetProperty("route").GetString(), line.GetProperty("function").GetString()));
        Assert.DoesNotContain("s3cret", gateway.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_second_signal_ends_it_at_once(string signal, int status)
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Configuration(""", "drain": { "timeout": 300 }"""));
        Task<string> request = gateway.Client.GetStringAsync(new Uri("/products/1", UriKind.Relative));
        await _reached.WaitAsync();
        await gateway.NotifiedAsync();
        await gateway.SignalAsync(signal);
        Assert.Equal("STOPPING=1", await gateway.NotifiedAsync());
        await gateway.SignalAsync(signal);
        Assert.Equal(status, await gateway.ExitAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        Assert.Contains("1 requests were cut off", gateway.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_timeout_cuts_off_shows_in_the_exit_status()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Configuration(""", "drain": { "timeout": 0.2 }"""));
        Task<string> request = gateway.Client.GetStringAsync(new Uri("/products/1", UriKind.Relative));
        await _reached.WaitAsync();
        await gateway.SignalAsync("TERM");
        Assert.Equal(1, await gateway.ExitAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    [Fact]
    public async Task While_the_circuit_to_Lambda_is_open_it_is_not_ready()
    {
        string nowhere = $"http://127.0.0.1:{FreePort()}";
        int management = FreePort();
        string configuration = Configuration().Replace(_services.Urls.First(), nowhere, StringComparison.Ordinal)
            .Replace("\"management\": false", $"\"management\": {{ \"port\": {management} }}", StringComparison.Ordinal);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(configuration);
        var ready = new Uri($"http://127.0.0.1:{management}/readyz");
        Assert.Equal("{\"status\":\"ready\"}\n", await gateway.Client.GetStringAsync(ready));
        await Eventually.IsTrueAsync(async () =>
        {
            using HttpResponseMessage failed = await gateway.Client.GetAsync(new Uri("/products/1", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
            using HttpResponseMessage response = await gateway.Client.GetAsync(ready);
            return (await response.Content.ReadAsStringAsync()).Contains("the circuit to Lambda at 127.0.0.1 is open", StringComparison.Ordinal);
        });
        // It is asked again after a while without a request that finds out, or nobody would ever send one.
        await Eventually.IsTrueAsync(async () =>
        {
            using HttpResponseMessage response = await gateway.Client.GetAsync(ready);
            return response.IsSuccessStatusCode;
        });
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    [Fact]
    public async Task A_collector_that_the_environment_names_is_told_of_traces_and_metrics()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(
            Configuration(), ("OTEL_EXPORTER_OTLP_ENDPOINT", _services.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "shop-front"));
        _release.Release();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/products/1?q=s3cret");
        request.Headers.Add("traceparent", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01");
        request.Headers.Add("Authorization", "Bearer s3cret");
        (await gateway.Client.SendAsync(request)).Dispose();
        await gateway.SignalAsync("TERM");
        Assert.Equal(0, await gateway.ExitAsync());
        byte[] traces = [.. _exported.Where(static export => export.Path == "/v1/traces").SelectMany(static export => export.Body)];
        string text = Encoding.Latin1.GetString(traces), metrics = Encoding.Latin1.GetString([.. _exported.Where(static export => export.Path == "/v1/metrics").SelectMany(static export => export.Body)]);
        Assert.Contains("GET /products/{id}", text, StringComparison.Ordinal);
        Assert.Contains("shop-front", text, StringComparison.Ordinal);
        Assert.True(traces.AsSpan().IndexOf(Convert.FromHexString("5759e988bd862e3fe1be46a994272793")) >= 0);
        // The function's parent is a span that the collector knows.
        Match header = Regex.Match(_traceHeader!, "^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=([0-9a-f]{16});Sampled=1$");
        Assert.True(header.Success, _traceHeader);
        Assert.NotEqual("53995c3f42cd8ad8", header.Groups[1].Value);
        Assert.True(traces.AsSpan().IndexOf(Convert.FromHexString(header.Groups[1].Value)) >= 0);
        Assert.Contains("nativelambda.gateway.request.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("nativelambda.gateway.lambda.calls", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text + metrics, StringComparison.Ordinal);
    }
}
