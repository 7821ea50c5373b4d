using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace NativeLambda.Emulator.Postgres;

/// <summary>Asks a server for its certificate, as a client that begins TLS does.</summary>
internal static class TlsProbe
{
    // Int32 length 8, Int32 80877103: the protocol's SSLRequest, answered by one byte.
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    /// <summary>The server's certificate in PEM, without judging it.</summary>
    public static async Task<string> ReadCertificateAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(SslRequest, cancellationToken).ConfigureAwait(false);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        if (answer[0] != (byte)'S')
            throw new IOException($"The server on port {port} does not offer TLS.");

        string certificate = "";
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
#pragma warning disable CA5359 // It is read in order to be compared, and nothing is sent to the server.
                RemoteCertificateValidationCallback = (_, offered, _, _) =>
                {
                    certificate = offered is System.Security.Cryptography.X509Certificates.X509Certificate2 certificate2
                        ? certificate2.ExportCertificatePem()
                        : "";
                    return true;
                },
#pragma warning restore CA5359
            },
            cancellationToken).ConfigureAwait(false);
        return certificate;
    }
}
