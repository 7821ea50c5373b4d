using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Poolers;

/// <summary>
/// What is known of RDS Proxy that a client can trip over, before a real server: it refuses the startup parameter <c>options</c>
/// (0A000) and ignores cancel requests. No multiplexing: plain text, one server connection for each client.
/// </summary>
internal sealed class RdsProxyFake : IAsyncDisposable
{
    private const int CancelRequestCode = 80877102;
    private const int SslRequestCode = 80877103;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private readonly int _serverPort;
    private int _refusals;
    private int _ignoredCancels;

    public RdsProxyFake(TestDatabase database)
    {
        EnvironmentVariables = database.EnvironmentVariables(plainText: true);
        _serverPort = int.Parse(EnvironmentVariables["PGPORT"], CultureInfo.InvariantCulture);
        _listener.Start();
        EnvironmentVariables["PGPORT"] = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        _accepting = AcceptAsync();
    }

    /// <summary>libpq's variables for a client of the proxy.</summary>
    public Dictionary<string, string> EnvironmentVariables { get; }

    /// <summary>How many opens were refused for their options.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>How many cancel requests were ignored.</summary>
    public int IgnoredCancels => Volatile.Read(ref _ignoredCancels);

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream fromClient = client.GetStream();
                byte[] startup = await ReadStartupAsync(fromClient);
                int code = BinaryPrimitives.ReadInt32BigEndian(startup.AsSpan(4));
                if (code == SslRequestCode)
                {
                    await fromClient.WriteAsync("N"u8.ToArray(), _end.Token);
                    startup = await ReadStartupAsync(fromClient);
                    code = BinaryPrimitives.ReadInt32BigEndian(startup.AsSpan(4));
                }

                if (code == CancelRequestCode)
                {
                    Interlocked.Increment(ref _ignoredCancels);
                    return;
                }

                if (Encoding.UTF8.GetString(startup, 8, startup.Length - 8).Split('\0').Contains("options"))
                {
                    Interlocked.Increment(ref _refusals);
                    await fromClient.WriteAsync(Error("0A000", "Feature not supported: RDS Proxy currently doesn't support command-line options."), _end.Token);
                    return;
                }

                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _end.Token);
                NetworkStream fromServer = server.GetStream();
                await fromServer.WriteAsync(startup, _end.Token);
                await Task.WhenAny(fromClient.CopyToAsync(fromServer, _end.Token), fromServer.CopyToAsync(fromClient, _end.Token));
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or EndOfStreamException)
            {
                // One end is gone, and the other goes with it.
            }
        }
    }

    private async Task<byte[]> ReadStartupAsync(NetworkStream stream)
    {
        byte[] length = new byte[4];
        await stream.ReadExactlyAsync(length, _end.Token);
        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(4), _end.Token);
        return message;
    }

    private static byte[] Error(string sqlState, string message)
    {
        byte[] fields = Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{sqlState}\0M{message}\0\0");
        byte[] error = new byte[5 + fields.Length];
        error[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(error.AsSpan(1), 4 + fields.Length);
        fields.CopyTo(error, 5);
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }
}
