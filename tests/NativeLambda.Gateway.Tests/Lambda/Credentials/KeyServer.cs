using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using NativeLambda.Gateway.Tests.Lambda.Http;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>What gives keys to containers and instances, on a real socket: as they do unless a test says otherwise.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly ScriptedServer _server;
    private readonly ConcurrentQueue<string> _tokens = new();
    private int _keys;

    /// <param name="listener">What it listens on; null for a free port.</param>
    public KeyServer(Socket? listener = null) => _server = new ScriptedServer(
        async (request, stream, cancellation) =>
        {
            if (Silent) return await StayAsync(cancellation);
            (int status, string body) = Script?.Invoke(request) ?? Answer(request);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(ScriptedServer.Response(status, body)), cancellation);
            return true;
        },
        listener: listener);

    public Uri Address => _server.Address;

    public ConcurrentQueue<ReceivedRequest> Requests => _server.Requests;

    /// <summary>A test's own answer to a request; null for the usual one.</summary>
    public Func<ReceivedRequest, (int Status, string Body)?>? Script { get; set; }

    /// <summary>Whether it takes requests and never answers.</summary>
    public bool Silent { get; set; }

    /// <summary>When the keys that it gives end.</summary>
    public DateTimeOffset End { get; set; } = TimeProvider.System.GetUtcNow().AddHours(6);

    /// <summary>How many keys it gave.</summary>
    public int Given => Volatile.Read(ref _keys);

    public IEnumerable<string> Asked => Requests.Select(static request => $"{request.Method} {request.Target}");

    public string Document(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"AKID{{number}}","SecretAccessKey":"s3cret-{{number}}","Token":"t0ken-{{number}}","Expiration":"{{End:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}
        """);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private (int Status, string Body) Answer(ReceivedRequest request)
    {
        const string Roles = "/latest/meta-data/iam/security-credentials/";
        if (request.Method == "PUT")
        {
            if (request.Target != "/latest/api/token" || request.Headers.GetValueOrDefault("X-aws-ec2-metadata-token-ttl-seconds") != "21600") return (400, "");
            string token = $"imds-token-{_tokens.Count + 1}";
            _tokens.Enqueue(token);
            return (200, token);
        }
        if (request.Target.StartsWith(Roles, StringComparison.Ordinal))
        {
            if (!request.Headers.TryGetValue("X-aws-ec2-metadata-token", out string? token) || !_tokens.Contains(token)) return (401, "");
            if (request.Target == Roles) return (200, "shop-role\n");
            if (request.Target != Roles + "shop-role") return (404, "");
        }
        return (200, Document(Interlocked.Increment(ref _keys)));
    }

    private static async Task<bool> StayAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return false;
    }
}
