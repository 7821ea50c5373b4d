using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Tests.Database.Credentials;

/// <summary>An extension on loopback: gives the answers that it was given, one a connection, and keeps the requests.</summary>
internal sealed class FakeSecretsExtension : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<string> _answers = new();
    private readonly Task _serving;

    public FakeSecretsExtension(params string[] answers)
    {
        foreach (string answer in answers)
            _answers.Enqueue(answer);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    public List<string> Requests { get; } = [];

    public static string Answer(int status, string body) => string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static string Secret(string password) => Answer(200, $$"""{"SecretString":"{\"password\":\"{{password}}\"}"}""");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await ServeOneAsync();
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeOneAsync()
    {
        try
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
            NetworkStream stream = client.GetStream();
            var request = new StringBuilder();
            byte[] buffer = new byte[4096];
            while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                int count = await stream.ReadAsync(buffer, _end.Token);
                if (count == 0)
                    break;
                request.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }

            Requests.Add(request.ToString());

            // The last answer stands for all that follow.
            string answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
            if (answer.Length == 0)
                _ = await stream.ReadAsync(buffer.AsMemory(0, 1), _end.Token); // Silent until the client gives up.
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // The client does not wait for the answer; the next one must not wait for ever because of that.
        }
    }
}
