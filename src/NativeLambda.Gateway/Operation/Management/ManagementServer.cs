using System.Text;
using System.Text.Json;
using OpenTelemetry.Metrics;

namespace NativeLambda.Gateway.Operation.Management;

/// <summary>
/// Answers <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>, on a server of its own: it is there while the gateway drains, and no
/// limit of the gateway is one of it.
/// </summary>
internal sealed class ManagementServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ManagementServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts it.</summary>
    /// <exception cref="IOException">Its address is taken.</exception>
    public static async Task<ManagementServer> StartAsync(ManagementOptions options, Readiness readiness, MeterProvider? metrics, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddOptions();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Listen(options.Address, options.Port);
        });
        WebApplication app = builder.Build();
        if (options.Prometheus && metrics is not null) app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, "/metrics", null, null);
        app.Run(context => AnswerAsync(context, readiness));
        await app.StartAsync(cancellation);
        return new ManagementServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, Readiness readiness)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method not allowed", []);
            return;
        }
        switch (context.Request.Path.Value)
        {
            case "/healthz":
                await WriteAsync(context, StatusCodes.Status200OK, "ok", []);
                return;
            case "/readyz":
                IReadOnlyList<string> problems = await readiness.ProblemsAsync(context.RequestAborted);
                if (problems.Count == 0) await WriteAsync(context, StatusCodes.Status200OK, "ready", []);
                else await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "not ready", problems);
                return;
            default:
                await WriteAsync(context, StatusCodes.Status404NotFound, "not found", []);
                return;
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string word, IReadOnlyList<string> problems)
    {
        var text = new StringBuilder($"{{\"status\":\"{word}\"");
        if (problems.Count > 0) text.Append(",\"problems\":[").AppendJoin(',', problems.Select(static problem => $"\"{JsonEncodedText.Encode(problem)}\"")).Append(']');
        byte[] body = Encoding.UTF8.GetBytes(text.Append("}\n").ToString());
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
