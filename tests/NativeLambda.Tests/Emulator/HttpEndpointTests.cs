using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Tests.Emulator;

public sealed class HttpEndpointTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_made_before_the_replacement_stay_with_the_last_application_and_later_ones_get_the_next()
    {
        await using HttpService service = await HttpService.StartAsync(static _ => { }, Cancellation);
        using HttpEndpoint endpoint = service.Listen(0, context => context.Response.WriteAsync("last"));

        // Connected for the client, whether the server has accepted them by now or not.
        Socket[] before = [.. Enumerable.Range(0, 100).Select(_ => Connect(endpoint))];
        await endpoint.ReplaceAsync(new EndpointApplication(context => context.Response.WriteAsync("next")));
        Socket after = Connect(endpoint);

        foreach (Socket socket in before)
            Assert.EndsWith("last", await AskAsync(socket), StringComparison.Ordinal);
        Assert.EndsWith("next", await AskAsync(after), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replacement_at_a_closed_endpoint_does_not_wait()
    {
        await using HttpService service = await HttpService.StartAsync(static _ => { }, Cancellation);
        HttpEndpoint endpoint = service.Listen(0, static _ => Task.CompletedTask);
        endpoint.Dispose();
        await endpoint.ReplaceAsync(new EndpointApplication(static _ => Task.CompletedTask)).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
    }

    private static Socket Connect(HttpEndpoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, endpoint.Uri.Port);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        using (socket)
        {
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancellation);
            using var stream = new NetworkStream(socket, ownsSocket: false);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            // Without a length the body is chunked: its last line but two.
            string answer = await reader.ReadToEndAsync(Cancellation);
            return answer.Replace("\r\n0\r\n\r\n", "", StringComparison.Ordinal);
        }
    }
}
