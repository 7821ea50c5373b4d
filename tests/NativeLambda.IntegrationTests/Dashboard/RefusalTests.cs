using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Emulator;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>What the dashboard refuses: other sites' requests, odd paths, odd methods.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private LocalLambda _lambda = null!;
    private DashboardClient _dashboard = null!;
    private string _id = null!;

    public async ValueTask InitializeAsync()
    {
        _lambda = await LocalLambda.StartAsync(Options() with { DashboardPort = 0 });
        _dashboard = new DashboardClient(_lambda);
        _id = (await _lambda.StartEnvironmentAsync()).Id;
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(_id, Assert.Single(_lambda.Environments).Id); // nothing of what was refused happened
        _dashboard.Dispose();
        await _lambda.DisposeAsync();
    }

    private string Kill => $"/api/environments/{_id}/kill";

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "http://localhost")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_control_from_another_origin_is_403(string header, string value)
    {
        (int status, JsonElement answer) = await _dashboard.PostAsync(Kill, change: request => request.Headers.Add(header, value));
        Assert.Equal(403, status);
        Assert.Equal("CrossOrigin", answer.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("/api/state", "no-cors")]
    [InlineData("/api/events", "no-cors")]
    [InlineData("/index.html", "no-cors")]
    [InlineData("/api/state", "navigate")] // a link may lead to the page, not to what is behind it
    [InlineData("/api/events", "navigate")]
    public async Task Reading_from_another_site_is_403(string path, string mode)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", mode);
        using HttpResponseMessage response = await _dashboard.Http.SendAsync(request);
        Assert.Equal(403, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_link_on_another_site_may_lead_to_the_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        using HttpResponseMessage response = await _dashboard.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task A_name_that_was_rebound_to_loopback_is_421(string host)
    {
        (int status, _) = await _dashboard.PostAsync(Kill, change: request => request.Headers.Host = host);
        Assert.Equal(421, status);
        using var get = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative)) { Headers = { Host = host } };
        using HttpResponseMessage response = await _dashboard.Http.SendAsync(get);
        Assert.Equal(421, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/jsonp")]
    [InlineData(null)]
    public async Task What_a_form_could_send_is_415(string? contentType)
    {
        (int status, _) = await _dashboard.PostAsync(
            Kill, change: request => request.Content!.Headers.ContentType = contentType is null ? null : new(contentType));
        Assert.Equal(415, status);
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Another_method_is_405_and_no_answer_allows_another_origin(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Kill, UriKind.Relative));
        using HttpResponseMessage response = await _dashboard.Http.SendAsync(request);
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.DoesNotContain(response.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/api/state")]
    [InlineData("/api/events")]
    [InlineData("/")]
    public async Task What_is_only_to_be_read_refuses_POST(string path)
    {
        (int status, _) = await _dashboard.PostAsync(path);
        Assert.Equal(405, status);
    }

    [Theory]
    [InlineData("/api/environments/00000000000000000000000000000000/kill", 404)]
    [InlineData("/api/environments//kill", 404)]
    [InlineData("/api/environments/%3Cscript%3E/kill", 404)]
    [InlineData("/api/environments/a%0D%0ASet-Cookie:%20a=b/kill", 404)]
    [InlineData("/api/environments/a%2F..%2Fb/kill", 404)]
    [InlineData("/api/environments/a/explode", 404)]
    [InlineData("/api/environments/a/kill/", 404)]
    [InlineData("/api/", 404)]
    [InlineData("/api/nothing", 404)]
    public async Task An_unknown_path_or_environment_is_404_with_a_clear_error(string path, int expected)
    {
        (int status, JsonElement answer) = await _dashboard.PostAsync(path);
        Assert.Equal(expected, status);
        Assert.Equal("NotFound", answer.GetProperty("error").GetString());
        Assert.StartsWith("there is no such ", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/../../etc/passwd")]
    [InlineData("/..%2f..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/js/..%5c..%5cProgram.cs")]
    [InlineData("//etc/passwd")]
    [InlineData("/js/")]
    [InlineData("/api/environments/%00/kill")]
    [InlineData("/index.html%00.js")]
    public async Task No_path_leads_out_of_the_page_s_own_files(string path)
    {
        // By hand: a client would tidy the path up.
        string answer = await SpeakAsync($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (404|400) ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "421")]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421")]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET /?a\r\n b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n", "403")]
    public async Task Crooked_headers_are_refused(string request, string status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", await SpeakAsync(request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_a_megabyte_is_413()
    {
        (int status, _) = await _dashboard.PostAsync("/api/invoke/burst", new string(' ', 1024 * 1024 + 1));
        Assert.Equal(413, status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/state")]
    [InlineData("/nothing")]
    public async Task Every_answer_forbids_foreign_scripts_frames_and_guesses(string path)
    {
        using HttpResponseMessage response = await _dashboard.Http.GetAsync(new Uri(path, UriKind.Relative));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
    }

    [Fact]
    public async Task The_page_s_own_requests_and_those_of_programs_are_served()
    {
        (int status, _) = await _dashboard.PostAsync($"/api/environments/{_id}/thaw", change: request =>
        {
            request.Headers.Add("Origin", _lambda.DashboardUrl!.GetLeftPart(UriPartial.Authority));
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
        });
        Assert.Equal(200, status);
        // As through a port that ssh forwards.
        (status, _) = await _dashboard.PostAsync($"/api/environments/{_id}/freeze", change: static request =>
        {
            request.Headers.Host = "localhost:4711";
            request.Headers.Add("Origin", "http://localhost:4711");
        });
        Assert.Equal(200, status);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:4711")]
    [InlineData("LOCALHOST")]
    public async Task An_address_that_is_typed_into_a_browser_here_is_served(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/state", UriKind.Relative)) { Headers = { Host = host } };
        request.Headers.Add("Sec-Fetch-Site", "none");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        using HttpResponseMessage response = await _dashboard.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
    }

    private async Task<string> SpeakAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _lambda.DashboardUrl!.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync().Guarded();
    }
}
