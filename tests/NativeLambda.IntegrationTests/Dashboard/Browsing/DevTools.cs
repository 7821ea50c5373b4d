using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using NativeLambda.IntegrationTests.Emulator;

namespace NativeLambda.IntegrationTests.Dashboard.Browsing;

/// <summary>A connection to a browser by its DevTools protocol: commands with answers, and events.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly ConcurrentDictionary<string, Action<string, JsonElement>> _listeners = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Task _receiving = Task.CompletedTask;
    private int _last;

    private DevTools()
    {
    }

    public static async Task<DevTools> ConnectAsync(Uri endpoint)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(endpoint, CancellationToken.None).Guarded();
        tools._receiving = tools.ReceiveAsync();
        return tools;
    }

    /// <summary>Has the events of a session told to a listener, by method and parameters.</summary>
    public void Listen(string session, Action<string, JsonElement> listener) => _listeners[session] = listener;

    /// <exception cref="InvalidOperationException">The browser refuses.</exception>
    public async Task<JsonElement> SendAsync(string method, object? parameters = null, string? session = null)
    {
        int id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        var message = new Dictionary<string, object?> { ["id"] = id, ["method"] = method, ["params"] = parameters ?? new { } };
        if (session is not null) message["sessionId"] = session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
        JsonElement body = await answer.Task.Guarded();
        return body.TryGetProperty("error", out JsonElement error)
            ? throw new InvalidOperationException($"{method}: {error}")
            : body.GetProperty("result");
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, read.Count);
                if (!read.EndOfMessage) continue;
                Dispatch(JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(message.ToArray())));
                message.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The browser has ended, or we have: who waits must not wait on.
            foreach (TaskCompletionSource<JsonElement> waiting in _pending.Values)
                waiting.TrySetException(new InvalidOperationException("the browser is gone", exception));
        }
    }

    private void Dispatch(JsonElement message)
    {
        if (message.TryGetProperty("id", out JsonElement id))
        {
            if (_pending.TryRemove(id.GetInt32(), out TaskCompletionSource<JsonElement>? waiting)) waiting.SetResult(message);
        }
        else if (message.TryGetProperty("sessionId", out JsonElement session)
            && _listeners.TryGetValue(session.GetString()!, out Action<string, JsonElement>? listener))
            listener(message.GetProperty("method").GetString()!, message.GetProperty("params"));
    }
}
