using System.Net;
using System.Text;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Tests.Configuration;

namespace NativeLambda.Gateway.Tests.Invocation;

/// <summary>A gateway on a port of its own before a scripted Lambda.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly GatewayHost _host;

    private RunningGateway(GatewayHost host, ScriptedLambda lambda)
    {
        (_host, Lambda) = (host, lambda);
        Address = new Uri(host.Addresses[0]);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false }) { BaseAddress = Address };
    }

    public GatewayHost Host => _host;

    public ScriptedLambda Lambda { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Starts one with a route for everything, about which more can be said.</summary>
    public static Task<RunningGateway> StartAsync(string route = "", TimeSpan? headersTimeout = null) =>
        StartFileAsync($$"""{ "routes": [ { "route": "$default", "function": "f"{{(route.Length > 0 ? ", " + route : "")}} } ] }""", headersTimeout);

    public static async Task<RunningGateway> StartFileAsync(string file, TimeSpan? headersTimeout = null)
    {
        GatewayConfiguration configuration = GatewayFileTests.Read(file);
        configuration = configuration with
        {
            Listeners = [new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }],
            Operation = configuration.Operation with { Management = null, AccessLog = null },
        };
        if (headersTimeout is { } timeout) configuration = configuration with { HeadersTimeout = timeout };
        var lambda = new ScriptedLambda();
        return new RunningGateway(await GatewayHost.StartAsync(configuration, lambda, TimeProvider.System, CancellationToken.None), lambda);
    }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends bytes as they are and reads until the gateway ends the connection.</summary>
    public async Task<string> ExchangeAsync(string request)
    {
        await using RawConnection connection = await ConnectAsync();
        await connection.SendAsync(request);
        return await connection.ReadToEndAsync();
    }

    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(Address.Port);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await _host.StopAsync(now.Token);
        await _host.DisposeAsync();
    }
}

/// <summary>A TCP connection on which a test writes what no HTTP client would.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly System.Net.Sockets.TcpClient _client;
    private readonly System.Net.Sockets.NetworkStream _stream;

    private RawConnection(System.Net.Sockets.TcpClient client) => (_client, _stream) = (client, client.GetStream());

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new RawConnection(client);
    }

    public ValueTask SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until the other side ends the connection, in whichever way; a reset is told as such.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await _stream.ReadAsync(buffer) is > 0 and int count) text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            text.Append("<reset>");
        }
        return text.ToString();
    }

    /// <summary>Reads until a text has come.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && await _stream.ReadAsync(one) > 0) text.Append((char)one[0]);
        return text.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return default;
    }
}
