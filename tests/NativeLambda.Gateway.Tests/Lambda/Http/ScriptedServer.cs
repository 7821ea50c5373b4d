using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

/// <summary>What a server does with a request; false ends the connection.</summary>
internal delegate Task<bool> Answer(ReceivedRequest request, Stream stream, CancellationToken cancellation);

/// <summary>A request as it came over the wire.</summary>
internal sealed record ReceivedRequest(int Connection, string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>A server of HTTP/1.1 on a real socket that answers exactly the bytes that a test wants.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Answer _answer;
    private readonly X509Certificate2? _certificate;
    private int _ended;
    private readonly Task _accepting;

    /// <param name="answer">What it does with a request.</param>
    /// <param name="certificate">What it shows; null for plain HTTP.</param>
    /// <param name="listener">What it listens on; null for a free port.</param>
    public ScriptedServer(Answer answer, X509Certificate2? certificate = null, Socket? listener = null)
    {
        (_answer, _certificate, _listener) = (answer, certificate, listener ?? TestSockets.Listen(new IPEndPoint(IPAddress.Loopback, 0)));
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"{(_certificate is null ? "http://127.0.0.1" : "https://localhost")}:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public int Connections { get; private set; }

    /// <summary>How many of them it has ended.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>A server that answers every request with the same bytes, and keeps the connection.</summary>
    public static ScriptedServer Always(string answer, Socket? listener = null) => new(
        async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellation);
            return true;
        },
        listener: listener);

    /// <summary>A server that answers every request with the same bytes, and ends the connection.</summary>
    public static ScriptedServer Once(byte[] answer) => new(async (_, stream, cancellation) =>
    {
        await stream.WriteAsync(answer, cancellation);
        return false;
    });

    /// <summary>A whole answer.</summary>
    public static string Response(int status, string body, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\n{string.Concat(headers.Select(static header => header + "\r\n"))}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stopping.Token);
                _connections.Add(ServeAsync(socket, ++Connections));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopping.Token);
            }
            while (await ReadAsync(stream, connection) is { } request)
            {
                Requests.Enqueue(request);
                if (!await _answer(request, stream, _stopping.Token)) break;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
        {
            // The test is over, or the client ended the connection, which it may.
        }
        finally
        {
            await stream.DisposeAsync();
            Interlocked.Increment(ref _ended);
        }
    }

    private async Task<ReceivedRequest?> ReadAsync(Stream stream, int connection)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(one, _stopping.Token) == 0) return null;
            head.Add(one[0]);
        }

        string[] lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        Dictionary<string, string> headers = lines[1..].Select(static line => line.Split(": ", 2)).ToDictionary(static line => line[0], static line => line[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        return new ReceivedRequest(connection, first[0], first[1], headers, body);
    }

    private static bool EndsHead(List<byte> head) => head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
}
