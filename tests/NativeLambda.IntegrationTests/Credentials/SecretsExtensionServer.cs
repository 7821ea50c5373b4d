using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace NativeLambda.IntegrationTests.Credentials;

/// <summary>
/// What the AWS Parameters and Secrets Lambda Extension does, on loopback: keeps a secret in a cache that only a refresh goes past,
/// and answers nobody without the token.
/// </summary>
internal sealed class SecretsExtensionServer : IAsyncDisposable
{
    public const string Token = "a-session-token";
    public const string SecretId = "prod/products-db";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private string? _cached;

    public SecretsExtensionServer(string secret)
    {
        Secret = secret;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>The value in Secrets Manager.</summary>
    public string Secret { get; set; }

    /// <summary>How often to answer yet that it is not ready.</summary>
    public int NotReady { get; set; }

    /// <summary>The paths that were asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The variables of a function that takes its password from here.</summary>
    public (string Name, string Value)[] Variables =>
    [
        ("PGPASSWORD", ""), // Empty is absent.
        ("NATIVELAMBDA_AUTH", "secret"),
        ("NATIVELAMBDA_SECRET_ID", SecretId),
        ("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("AWS_SESSION_TOKEN", Token),
    ];

    public static string Json(string password, string? user = null) =>
        user is null ? $$"""{"password":"{{password}}"}""" : $$"""{"username":"{{user}}","password":"{{password}}"}""";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                string path = (await reader.ReadLineAsync(_end.Token))!.Split(' ')[1];
                bool authorized = false;
                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } header)
                    authorized |= header == "X-Aws-Parameters-Secrets-Token: " + Token;
                Requests.Enqueue(path);
                (string status, string body) = Answer(path, authorized);
                string answer = $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private (string Status, string Body) Answer(string path, bool authorized)
    {
        if (!authorized)
            return ("403 Forbidden", "");
        if (NotReady-- > 0)
            return ("400 Bad Request", "not ready to serve traffic, please wait");
        if (!path.StartsWith("/secretsmanager/get?secretId=" + Uri.EscapeDataString(SecretId), StringComparison.Ordinal))
            return ("400 Bad Request", "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
        if (_cached is null || path.Contains("refreshNow=true", StringComparison.Ordinal))
            _cached = Secret;
        return ("200 OK", $$"""{"ARN":"arn:aws:secretsmanager:x","Name":"{{SecretId}}","SecretString":{{JsonSerializer.Serialize(_cached)}},"VersionStages":["AWSCURRENT"]}""");
    }
}
