using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>A request as no client library would send it.</summary>
internal static class RawRequest
{
    /// <returns>All that was answered until the connection was closed.</returns>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
