using System.Net;
using NativeLambda.Gateway.Operation.Sockets;
using NativeLambda.Gateway.Operation.Tls;

namespace NativeLambda.Gateway.Configuration;

/// <summary>A socket that is listened on: an address and a port, or a path in the file system.</summary>
internal sealed record ListenerOptions
{
    /// <summary>The address and port; null for a Unix socket.</summary>
    public IPEndPoint? EndPoint { get; init; }

    /// <summary>The Unix socket; null for TCP.</summary>
    public UnixSocketOptions? UnixSocket { get; init; }

    /// <summary>The certificate; null for plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        UnixSocket is { } socket ? $"unix:{socket.Path}" : $"{(Tls is null ? "http" : "https")}://{EndPoint}";
}
