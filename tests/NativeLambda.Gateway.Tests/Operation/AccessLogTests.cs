using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>A line a request, from requests over real sockets.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "access.log");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    private async Task<string> LogAsync(
        Func<PipelineHost, Task> requests, Func<HttpContext, Task>? function = null, AccessLogOptions? options = null, GatewayConfiguration? configuration = null)
    {
        var operation = new OperationOptions { Management = null, AccessLog = (options ?? new AccessLogOptions()) with { File = _file } };
        await using (PipelineHost host = await PipelineHost.StartAsync((configuration ?? new GatewayConfiguration()) with { Operation = operation }, function)) await requests(host);
        return await File.ReadAllTextAsync(_file);
    }

    [Fact]
    public async Task A_line_tells_what_became_of_a_request()
    {
        string log = await LogAsync(
            static async host => (await host.Client.PostAsync("/products/a%2Fb?token=s3cret", new StringContent("hello"))).Dispose(),
            static async context =>
            {
                RequestFacts facts = RequestFacts.Of(context);
                (facts.Function, facts.Upstream, facts.Retries, facts.BytesIn) = ("products", TimeSpan.FromMilliseconds(12.5), 2, 5);
                facts.UpstreamRequestId = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
                context.Response.StatusCode = 201;
                context.Response.ContentLength = 3;
                await context.Response.WriteAsync("yes");
            });
        JsonElement line = JsonDocument.Parse(Assert.Single(log.TrimEnd('\n').Split('\n'))).RootElement;
        Assert.Equal(
            ["time", "requestId", "clientIp", "host", "method", "path", "protocol", "route", "function", "status", "bytesIn", "bytesOut", "durationMs", "upstreamMs", "retries", "upstreamRequestId", "traceId"],
            line.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("127.0.0.1", line.GetProperty("clientIp").GetString());
        Assert.Equal("/products/a%2Fb", line.GetProperty("path").GetString());
        Assert.Equal("HTTP/1.1", line.GetProperty("protocol").GetString());
        Assert.Equal(("$default", "products"), (line.GetProperty("route").GetString(), line.GetProperty("function").GetString()));
        Assert.Equal((201, 5, 3, 2), (line.GetProperty("status").GetInt32(), line.GetProperty("bytesIn").GetInt32(), line.GetProperty("bytesOut").GetInt32(), line.GetProperty("retries").GetInt32()));
        Assert.Equal(12.5, line.GetProperty("upstreamMs").GetDouble());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("time").GetString());
        Assert.DoesNotContain("s3cret", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_not_in_it()
    {
        var configuration = new GatewayConfiguration
        {
            Access = new AccessOptions { ApiKeys = [new("partner", Sha256: new string('0', 64))] },
            Routes = [PipelineHost.Route("GET", "/{proxy+}", new RouteAccessOptions { ApiKeys = [] })],
        };
        string log = await LogAsync(
            static async host =>
            {
                foreach (string path in new[] { "/x?secret-1", "/y?a=secret-1" })
                    (await host.SendAsync("GET", path, ("Authorization", "Bearer secret-2"), ("Cookie", "session=secret-3"), ("x-api-key", "secret-4"), ("traceparent", "secret-5"))).Dispose();
                await RawRequest.SendAsync(host.Client.BaseAddress!, "GET http://user:secret-6@example.com/z HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n");
            },
            configuration: configuration,
            options: new AccessLogOptions { Fields = [.. Enum.GetValues<AccessLogField>().Where(static field => field != AccessLogField.Query)] });
        Assert.Equal(3, log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("secret", log, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"api_key\"", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_the_fields_that_are_asked_for_in_their_order_and_stays_a_line()
    {
        string log = await LogAsync(
            static async host => (await host.SendAsync("GET", "/?q=%0a1", ("User-Agent", "\"quoted\" \\ <b>"))).Dispose(),
            options: new AccessLogOptions { Fields = [AccessLogField.UserAgent, AccessLogField.Query, AccessLogField.Status] });
        Assert.Equal("""{"userAgent":"\"quoted\" \\ <b>","query":"?q=%0a1","status":200}""" + "\n", log);
    }

    [Fact]
    public async Task A_failure_of_the_gateway_s_own_is_answered_told_and_logged_without_a_detail_for_the_client()
    {
        var logger = new RecordingLogger();
        await using PipelineHost host = await PipelineHost.StartAsync(
            new GatewayConfiguration { Operation = PipelineHost.Quiet }, static _ => throw new InvalidOperationException("detail"), logger: logger);
        using HttpResponseMessage response = await host.SendAsync("GET", "/");
        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("""{"message":"Internal Server Error"}""", await response.Content.ReadAsStringAsync());
        Assert.True(logger.Has("failed in the gateway itself"));
        Assert.True(logger.Has("detail"));
    }

    [Fact]
    public async Task A_client_that_went_away_has_499()
    {
        var reached = new TaskCompletionSource();
        string log = await LogAsync(
            async host =>
            {
                using var gone = new CancellationTokenSource();
                Task<HttpResponseMessage> request = host.Client.GetAsync("/", gone.Token);
                await reached.Task;
                await gone.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
                await Eventually.IsTrueAsync(() => new FileInfo(_file).Length > 0);
            },
            async context =>
            {
                reached.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            });
        JsonElement line = JsonDocument.Parse(log).RootElement;
        Assert.Equal((499, "client_gone"), (line.GetProperty("status").GetInt32(), line.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task The_file_is_not_for_everyone()
    {
        await LogAsync(static async host => (await host.SendAsync("GET", "/")).Dispose());
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
    }
}
