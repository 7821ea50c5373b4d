using System.Net;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.Management;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Operation.Tls;

namespace NativeLambda.Gateway.Tests.Operation;

[Collection(ProcessWide.Name)]
public sealed class ManagementTests
{
    private static Task<PipelineHost> StartAsync(ManagementOptions? management = null, string? apiKey = null) => PipelineHost.StartAsync(
        new GatewayConfiguration
        {
            Operation = new OperationOptions { AccessLog = null, Management = management ?? ManagementOptions.Default with { Port = 0 } },
            Access = new AccessOptions { ApiKeys = [new("partner", Sha256: new string('0', 64))] },
            Routes = [PipelineHost.Route("GET", "/products/{id}", RouteAccessOptions.Open with { ApiKeys = apiKey is null ? null : [] })],
        },
        static context =>
        {
            RequestFacts facts = RequestFacts.Of(context);
            (facts.Function, facts.Upstream, facts.EventBytes, facts.BytesIn, facts.BytesOut) = ("products", TimeSpan.FromMilliseconds(3), 700, 10, 2000);
            return Task.CompletedTask;
        });

    private static async Task<HttpResponseMessage> AskAsync(PipelineHost host, string path, HttpMethod? method = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(host.Operation.ManagementAddress!, path));
        return await client.SendAsync(request);
    }

    [Fact]
    public async Task It_is_healthy_and_ready_until_somebody_knows_better()
    {
        await using PipelineHost host = await StartAsync();
        using (HttpResponseMessage health = await AskAsync(host, "/healthz")) Assert.Equal((HttpStatusCode.OK, "{\"status\":\"ok\"}\n"), (health.StatusCode, await health.Content.ReadAsStringAsync()));
        using (HttpResponseMessage ready = await AskAsync(host, "/readyz")) Assert.Equal((HttpStatusCode.OK, "{\"status\":\"ready\"}\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        string?[] problems = ["circuit \"products\" is open", "no credentials"];
        host.Operation.Readiness.Add(() => problems[0]);
        host.Operation.Readiness.Add(_ => ValueTask.FromResult(problems[1]));
        using (HttpResponseMessage not = await AskAsync(host, "/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, not.StatusCode);
            Assert.Equal("""{"status":"not ready","problems":["circuit \u0022products\u0022 is open","no credentials"]}""" + "\n", await not.Content.ReadAsStringAsync());
        }
        using (HttpResponseMessage health = await AskAsync(host, "/healthz")) Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Array.Clear(problems);
        using (HttpResponseMessage ready = await AskAsync(host, "/readyz", HttpMethod.Head)) Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using (HttpResponseMessage post = await AskAsync(host, "/readyz", HttpMethod.Post)) Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using (HttpResponseMessage other = await AskAsync(host, "/products/1")) Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task Nothing_of_it_is_where_clients_are()
    {
        await using PipelineHost host = await StartAsync();
        foreach (string path in new[] { "/healthz", "/readyz", "/metrics" })
            using (HttpResponseMessage response = await host.SendAsync("GET", path))
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("127.0.0.1", host.Operation.ManagementAddress!.Host);
    }

    [Fact]
    public async Task Prometheus_reads_what_happened()
    {
        await using PipelineHost host = await StartAsync();
        for (int i = 0; i < 3; i++) (await host.SendAsync("GET", $"/products/{i}")).Dispose();
        (await host.SendAsync("GET", "/nothing/to/find")).Dispose();
        string text = await ScrapeAsync(host, "nativelambda_gateway_request_duration_seconds_count", "1", "route=\"none\"", "status=\"404\"");
        Assert.True(Has(text, "nativelambda_gateway_request_duration_seconds_count", "3", "route=\"GET /products/{id}\"", "status=\"200\""), text);
        Assert.True(Has(text, "nativelambda_gateway_upstream_duration_seconds_count", "3", "function=\"products\""), text);
        Assert.True(Has(text, "nativelambda_gateway_request_body_size_bytes_sum", "30", "route=\"GET /products/{id}\""), text);
        Assert.True(Has(text, "nativelambda_gateway_response_body_size_bytes_sum", "6000", "route=\"GET /products/{id}\""), text);
        Assert.True(Has(text, "nativelambda_gateway_event_size_bytes_sum", "2100", "function=\"products\""), text);
        Assert.True(Has(text, "nativelambda_gateway_requests_in_flight", "0"), text);
        Assert.DoesNotContain("nothing", text, StringComparison.Ordinal); // a path is no label
    }

    [Fact]
    public async Task Refusals_are_counted_by_their_reason()
    {
        await using PipelineHost host = await StartAsync(apiKey: "partner");
        (await host.SendAsync("GET", "/products/1")).Dispose();
        await ScrapeAsync(host, "nativelambda_gateway_errors_total", "1", "reason=\"api_key\"");
    }

    [Fact]
    public async Task How_long_a_certificate_is_still_good_for_is_told()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var certificate = new TestCertificate("gateway", clock.GetUtcNow().AddDays(30));
        var tls = new TlsOptions(Path.Combine(folder.FullName, "tls.crt"), Path.Combine(folder.FullName, "tls.key"));
        await File.WriteAllTextAsync(tls.Certificate, certificate.Certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(tls.Key!, certificate.KeyPem);
        var configuration = new GatewayConfiguration
        {
            Listeners = [new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Tls = tls }],
            Operation = new OperationOptions { AccessLog = null, Management = ManagementOptions.Default with { Port = 0 } },
        };
        await using (PipelineHost host = await PipelineHost.StartAsync(configuration, time: clock))
        {
            using HttpResponseMessage response = await AskAsync(host, "/metrics");
            string line = Assert.Single((await response.Content.ReadAsStringAsync()).Split('\n'), static line => line.StartsWith("nativelambda_gateway_certificate_expiry_seconds{", StringComparison.Ordinal));
            Assert.Contains($"file=\"{tls.Certificate}\"", line, StringComparison.Ordinal);
            double seconds = double.Parse(line.Split("} ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal((certificate.Certificate.NotAfter - clock.GetUtcNow()).TotalSeconds, seconds, tolerance: 0.001);
        }
        folder.Delete(recursive: true);
    }

    /// <summary>The metrics, once they have a line: a request is counted after its response was sent.</summary>
    private static async Task<string> ScrapeAsync(PipelineHost host, string name, string value, params string[] labels)
    {
        string text = "";
        await Eventually.IsTrueAsync(async () =>
        {
            using HttpResponseMessage response = await AskAsync(host, "/metrics");
            return Has(text = await response.Content.ReadAsStringAsync(), name, value, labels);
        });
        return text;
    }

    private static bool Has(string text, string name, string value, params string[] labels) => Array.Exists(
        text.Split('\n'),
        line => line.StartsWith(name, StringComparison.Ordinal) && Array.TrueForAll(labels, label => line.Contains(label, StringComparison.Ordinal)) && line.Split(' ').Contains(value));

    [Fact]
    public async Task Without_Prometheus_there_are_no_metrics()
    {
        await using PipelineHost host = await StartAsync(ManagementOptions.Default with { Port = 0, Prometheus = false });
        using HttpResponseMessage response = await AskAsync(host, "/metrics");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_at_the_start()
    {
        await using PipelineHost host = await StartAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(ManagementOptions.Default with { Port = host.Operation.ManagementAddress!.Port }));
    }
}
