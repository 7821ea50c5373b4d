using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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
    private string? _traceHeader, _authorization, _authorizationOfRole;
    private int _refusals, _refusal = 429;

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
            if (context.Request.Path == "/") // STS
            {
                _exported.Enqueue(("/", body.ToArray()));
                _authorizationOfRole = context.Request.Headers.Authorization;
                context.Response.ContentType = "text/xml";
                string action = Encoding.UTF8.GetString(body.ToArray()).Contains("Action=AssumeRoleWithWebIdentity", StringComparison.Ordinal) ? "AssumeRoleWithWebIdentity" : "AssumeRole";
                await context.Response.WriteAsync(RoleBy(action));
                return;
            }
            if (context.Request.Path == "/task") // a container's keys
            {
                await context.Response.WriteAsync("""{"AccessKeyId":"OF-TASK","SecretAccessKey":"s3cret","Token":"t0ken","Expiration":"2100-01-01T00:00:00Z"}""");
                return;
            }
            _authorization = context.Request.Headers.Authorization;
            _traceHeader = context.Request.Headers["X-Amzn-Trace-Id"];
            if (Interlocked.Decrement(ref _refusals) >= 0)
            {
                context.Response.StatusCode = _refusal;
                context.Response.Headers["x-amzn-ErrorType"] = _refusal == 429 ? "TooManyRequestsException" : "InvalidSignatureException";
                await context.Response.WriteAsync($$"""{"message":"The signature does not match. The canonical request was x-amz-security-token:{{context.Request.Headers["X-Amz-Security-Token"]}}"}""");
                return;
            }
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

    /// <summary>The same, with health on a free port.</summary>
    private static string Managed(string configuration) => configuration.Replace("\"management\": false", "\"management\": { \"port\": 0 }", StringComparison.Ordinal);

    private static string RoleBy(string action) => $"""
        <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
        <Credentials><AccessKeyId>OF-{action}</AccessKeyId><SecretAccessKey>s3cret</SecretAccessKey><SessionToken>t0ken</SessionToken>
        <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>
        <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/shop/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser>
        </{action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>
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
        CheckCut(gateway);
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
        CheckCut(gateway);
    }

    /// <summary>Its client has not gone: it was the gateway.</summary>
    private static void CheckCut(GatewayProcess gateway)
    {
        JsonElement line = JsonDocument.Parse(Assert.Single(gateway.Output)).RootElement;
        Assert.Equal((503, "cut_off"), (line.GetProperty("status").GetInt32(), line.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task At_SIGHUP_systemd_is_told_of_the_reading_and_of_its_end()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Configuration());
        Assert.Equal("READY=1\nSTATUS=serving 1 routes", await gateway.NotifiedAsync());
        await File.WriteAllTextAsync(gateway.File, Configuration().Replace("\"routes\": [", "\"routes\": [ { \"route\": \"GET /x\", \"function\": \"x\" },", StringComparison.Ordinal));
        long before = Stopwatch.GetTimestamp();
        await gateway.SignalAsync("HUP");
        // The file's own change may have been seen before the signal: it ends with a READY of its own.
        string told = await gateway.NotifiedAsync();
        if (told.StartsWith("READY=1", StringComparison.Ordinal)) told = await gateway.NotifiedAsync();
        Match reloading = Regex.Match(told, @"^RELOADING=1\nMONOTONIC_USEC=(\d+)$");
        Assert.True(reloading.Success, told);
        // CLOCK_MONOTONIC, which both processes have in common.
        Assert.InRange(
            long.Parse(reloading.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            Stopwatch.GetElapsedTime(0, before).Ticks / TimeSpan.TicksPerMicrosecond, Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond);
        Assert.Equal("READY=1\nSTATUS=serving 2 routes", await gateway.NotifiedAsync());
    }

    [Fact]
    public async Task How_often_a_call_was_made_again_is_in_the_access_log()
    {
        _refusals = 2;
        _release.Release();
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(Configuration());
        Assert.Equal("done", await gateway.Client.GetStringAsync(new Uri("/products/1", UriKind.Relative)));
        await gateway.SignalAsync("TERM");
        await gateway.ExitAsync();
        Assert.Equal(2, JsonDocument.Parse(Assert.Single(gateway.Output)).RootElement.GetProperty("retries").GetInt32());
    }

    [Fact]
    public async Task Without_credentials_it_is_not_ready_and_says_what_to_do()
    {
        using Socket taken = TestSockets.Bind(out int port);
        string nobody = $"127.0.0.1:{port}";
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(
            Managed(Configuration()), ("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", ""), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", $"http://{nobody}"));
        string why = $"There are no AWS credentials: neither the environment nor the shared files nor a container have any, and no instance answers at {nobody} (ConnectionRefused).";
        using HttpResponseMessage ready = await gateway.Client.GetAsync(new Uri(gateway.Management!, "/readyz"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        JsonElement answer = JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement;
        Assert.StartsWith(why, Assert.Single(answer.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
        using HttpResponseMessage failed = await gateway.Client.GetAsync(new Uri("/products/1", UriKind.Relative));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"message":"Service Unavailable"}"""), (failed.StatusCode, await failed.Content.ReadAsStringAsync()));
        await Eventually.IsTrueAsync(() => gateway.Everything.Contains("no instance answers", StringComparison.Ordinal));
        Assert.Contains("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE", gateway.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_identity_becomes_a_role()
    {
        _release.Release();
        string token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "the-token-of-the-pod");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(
            Configuration(), ("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", ""), ("AWS_WEB_IDENTITY_TOKEN_FILE", token),
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/shop"), ("AWS_ENDPOINT_URL_STS", _services.Urls.First()));
        Assert.Equal("done", await gateway.Client.GetStringAsync(new Uri("/products/1", UriKind.Relative)));
        File.Delete(token);
        Assert.Contains("Credential=OF-AssumeRoleWithWebIdentity/", _authorization, StringComparison.Ordinal);
        string asked = Encoding.UTF8.GetString(Assert.Single(_exported, static export => export.Path == "/").Body);
        Assert.Contains("Action=AssumeRoleWithWebIdentity", asked, StringComparison.Ordinal);
        Assert.Contains("WebIdentityToken=the-token-of-the-pod", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token-of-the-pod", gateway.Everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source_profile = base", "AKIDBASE")]
    [InlineData("credential_source = EcsContainer", "OF-TASK")]
    public async Task A_profile_s_role_is_assumed_by_the_keys_that_it_names(string source, string keys)
    {
        _release.Release();
        string files = Directory.CreateTempSubdirectory().FullName, configuration = Path.Combine(files, "config");
        await File.WriteAllTextAsync(configuration, $"""
            [profile base]
            aws_access_key_id = AKIDBASE
            aws_secret_access_key = s3cret
            [profile shop]
            role_arn = arn:aws:iam::123456789012:role/shop
            {source}
            """);
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(
            Configuration().Replace("\"lambda\": {", "\"lambda\": { \"profile\": \"shop\",", StringComparison.Ordinal), ("AWS_CONFIG_FILE", configuration), ("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(files, "none")),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", _services.Urls.First() + "/task"), ("AWS_ENDPOINT_URL_STS", _services.Urls.First())))
            Assert.Equal("done", await gateway.Client.GetStringAsync(new Uri("/products/1", UriKind.Relative)));
        Directory.Delete(files, recursive: true);
        Assert.Contains("Credential=OF-AssumeRole/", _authorization, StringComparison.Ordinal);
        Assert.Contains($"Credential={keys}/", _authorizationOfRole, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_of_anybody_is_in_what_it_tells()
    {
        const string Key = "s3cret-api-key-0123456789", Token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJzM2NyZXQifQ.czNjcmV0LXNpZ25hdHVyZQ";
        (_refusals, _refusal) = (1, 403);
        string configuration = Managed(Configuration($$"""
            , "apiKeys": [ { "name": "partner", "env": "API_KEY" } ],
            "authorizers": [ { "name": "users", "issuer": "{{_services.Urls.First()}}", "audiences": [ "a" ], "allowInsecureIssuer": true } ],
            "accessLog": { "fields": [ "method", "path", "query", "route", "status", "error", "apiKey", "host", "userAgent", "traceId" ] }
            """)).Replace("\"function\": \"products\" }", "\"function\": \"products\", \"apiKeys\": [] }, { \"route\": \"GET /users\", \"function\": \"users\", \"authorizer\": \"users\" }", StringComparison.Ordinal);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(
            configuration, ("API_KEY", Key), ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "s3cret-secret-key"), ("AWS_SESSION_TOKEN", "s3cret-session-token"));
        Assert.Equal(500, await AskAsync("/products/1", ("x-api-key", Key))); // refused by Lambda, which quotes the request
        Assert.Equal(403, await AskAsync("/products/1", ("x-api-key", Key + "-wrong")));
        Assert.NotEqual(200, await AskAsync("/users", ("Authorization", $"Bearer {Token}"), ("Cookie", "session=s3cret-cookie")));
        string metrics = "";
        await Eventually.IsTrueAsync(async () => (metrics = await gateway.Client.GetStringAsync(new Uri(gateway.Management!, "/metrics"))).Contains("reason=\"api_key\"", StringComparison.Ordinal));
        await gateway.SignalAsync("TERM");
        await gateway.ExitAsync();
        Assert.Equal(3, gateway.Output.Count);
        Assert.Contains("\"apiKey\":\"partner\"", gateway.Everything, StringComparison.Ordinal);
        Assert.Contains("InvalidSignatureException", gateway.Everything, StringComparison.Ordinal);
        string told = gateway.Everything + metrics;
        Assert.DoesNotContain("s3cret", told, StringComparison.Ordinal);
        Assert.All(Token.Split('.'), part => Assert.DoesNotContain(part, told, StringComparison.Ordinal));

        async Task<int> AskAsync(string path, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using HttpResponseMessage response = await gateway.Client.SendAsync(request);
            Assert.DoesNotContain("s3cret", await response.Content.ReadAsStringAsync() + response.Headers, StringComparison.Ordinal);
            return (int)response.StatusCode;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_page_is_there_in_development_alone(bool development)
    {
        // An endpoint on this machine is development as well, so it must be another one; nobody calls it.
        string configuration = Configuration().Replace(_services.Urls.First(), "http://192.0.2.1", StringComparison.Ordinal);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(configuration, development ? ["--development"] : []);
        using HttpResponseMessage page = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(development ? HttpStatusCode.OK : HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(development ? "text/html" : "application/json", page.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task While_the_circuit_to_Lambda_is_open_it_is_not_ready()
    {
        using Socket taken = TestSockets.Bind(out int port);
        string configuration = Managed(Configuration()).Replace(_services.Urls.First(), $"http://127.0.0.1:{port}", StringComparison.Ordinal);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(configuration);
        var ready = new Uri(gateway.Management!, "/readyz");
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
