using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Emulator.Http;

/// <summary>A listening socket, until it is disposed.</summary>
internal sealed class HttpEndpoint(Socket socket) : IDisposable
{
    public Uri Uri { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/"));

    public void Dispose() => socket.Dispose();
}
