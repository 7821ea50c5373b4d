using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Postgres;
using NativeLambda.Gateway;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Routing;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Payloads;

namespace NativeLambda.IntegrationTests.Gateway;

/// <summary>The products API in its Native AOT bootstrap with PostgreSQL, and three ways to it: the function URL, the gateway, Invoke.</summary>
public sealed class ThreeWays(BootstrapFixture bootstrap) : IAsyncLifetime
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private PostgresServer _server = null!;
    private LocalLambda _lambda = null!;
    private LambdaClient _client = null!;
    private GatewayHost _gateway = null!;

    internal HttpClient FunctionUrl { get; private set; } = null!;

    internal HttpClient Gateway { get; private set; } = null!;

    internal LambdaClient Lambda => _client;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _server.ExecuteFileAsync(Repository.Schema, CancellationToken.None);
        _lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = await bootstrap.GetPathAsync(),
            FunctionName = "products",
            Environment = _server.EnvironmentVariables,
            Timeout = Guard,
            InitTimeout = Guard,
            MaxConcurrency = 4,
        });
        _client = LambdaClient.Create(
            new LambdaClientOptions { Endpoint = _lambda.InvokeEndpoint, Region = "us-east-1" }, static _ => null, NullLogger.Instance, TimeProvider.System);
        _gateway = await GatewayHost.StartAsync(
            new GatewayConfiguration
            {
                Listeners = [new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }],
                Routes = [new Route { Key = RouteKey.Default, Function = "products", Timeout = Guard, DecodePath = false }],
                Operation = new() { Management = null, AccessLog = null },
            },
            _client, TimeProvider.System, CancellationToken.None);
        FunctionUrl = Client(_lambda.FunctionUrl);
        Gateway = Client(new Uri(_gateway.Addresses[0]));
    }

    public async ValueTask DisposeAsync()
    {
        FunctionUrl?.Dispose();
        Gateway?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.StopAsync(CancellationToken.None);
            await _gateway.DisposeAsync();
        }
        _client?.Dispose();
        if (_lambda is not null) await _lambda.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    /// <summary>Invokes the function with the event that a request would be, and reads the result as a front does.</summary>
    internal async Task<ProxyResponse> InvokeAsync(string method, string target, string? body)
    {
        int question = target.IndexOf('?', StringComparison.Ordinal);
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        List<KeyValuePair<string, string>> headers = [new("host", "127.0.0.1")];
        if (body is not null) headers.Add(new("content-type", "application/json"));
        ProxyEvent.Write(
            new ProxyRequest
            {
                Method = method,
                RawPath = question < 0 ? target : target[..question],
                RawQuery = question < 0 ? "" : target[(question + 1)..],
                Protocol = "HTTP/1.1",
                Headers = headers,
                Body = Encoding.UTF8.GetBytes(body ?? ""),
                SourceIp = "127.0.0.1",
                Host = "127.0.0.1",
                RequestId = "direct",
                Time = TimeProvider.System.GetUtcNow(),
            },
            PayloadFormat.Version2, written);
        LambdaResult result = await _client.InvokeAsync(new LambdaCall("products", null, written.WrittenMemory), CancellationToken.None);
        Assert.Null(result.FunctionError);
        return ProxyResult.Read(result.Payload, PayloadFormat.Version2) ?? throw new JsonException("the result is no response");
    }

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Guard };
}
