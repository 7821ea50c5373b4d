using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace NativeLambda.Tests.Runtime;

/// <summary>
/// A Lambda Runtime API on a loopback socket. It hands out what is enqueued, records what is posted, takes the first answer of an
/// invocation and refuses others as AWS does; registers extensions, whose request for the next event stays open; or does, once for
/// each <see cref="Script"/>, something else.
/// </summary>
public sealed class FakeRuntimeApi : IAsyncDisposable
{
    /// <summary>For whatever a test waits for: long enough never to fire on a busy machine.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary>For a call that a test waits for: cancelled after <see cref="Guard"/>, so that what hangs fails by name.</summary>
    public static CancellationToken Guarded => new CancellationTokenSource(Guard).Token;

    /// <summary>The identifier of every extension that registers.</summary>
    public const string ExtensionId = "11111111-2222-3333-4444-555555555555";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(string Id, byte[] Answer)> _invocations = Channel.CreateUnbounded<(string, byte[])>();
    private readonly ConcurrentDictionary<string, FakeInvocation> _known = new();
    private readonly ConcurrentDictionary<FakeRoute, ConcurrentQueue<FakeAnswer>> _scripts = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly ConcurrentDictionary<int, FakeConnection> _waiting = new();
    private readonly Channel<int> _waits = Channel.CreateUnbounded<int>();
    private readonly Channel<int> _ends = Channel.CreateUnbounded<int>();
    private readonly TaskCompletionSource<FakeRequest> _initError = New<FakeRequest>();
    private readonly TaskCompletionSource<FakeRequest> _extensionWaits = New<FakeRequest>();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Task _accepting;
    private int _connections;
    private int _ids;

    private FakeRuntimeApi()
    {
        _listener.Start();
        Endpoint = _listener.LocalEndpoint.ToString()!;
        _accepting = AcceptAsync();
    }

    /// <summary>What belongs into <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Endpoint { get; }

    /// <summary>How many connections were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>All requests so far, in the order in which they were complete.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public static FakeRuntimeApi Start() => new();

    /// <summary>Makes an invocation ready for <c>next</c>.</summary>
    /// <returns>Its id.</returns>
    public string Enqueue(string payload, DateTimeOffset? deadline = null, string? requestId = null, params string[] moreHeaders) =>
        Enqueue(Encoding.UTF8.GetBytes(payload), deadline, requestId, moreHeaders);

    /// <inheritdoc cref="Enqueue(string, DateTimeOffset?, string?, string[])"/>
    public string Enqueue(byte[] payload, DateTimeOffset? deadline = null, string? requestId = null, params string[] moreHeaders)
    {
        string id = requestId ?? $"00000000-0000-0000-0000-{Interlocked.Increment(ref _ids):D12}";
        long deadlineMs = (deadline ?? TimeProvider.System.GetUtcNow().AddMinutes(1)).ToUnixTimeMilliseconds();
        string head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: {id}\r\nLambda-Runtime-Deadline-Ms: {deadlineMs}\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:fake\r\n{string.Concat(moreHeaders.Select(h => h + "\r\n"))}Content-Length: {payload.Length}\r\n\r\n");
        _known[id] = new FakeInvocation();
        _invocations.Writer.TryWrite((id, [.. Encoding.Latin1.GetBytes(head), .. payload]));
        return id;
    }

    /// <summary>The next request of that route that has no script before it gets this answer. Scripts of a route queue up.</summary>
    public void Script(FakeRoute route, FakeAnswer answer) => _scripts.GetOrAdd(route, _ => new()).Enqueue(answer);

    /// <summary>The response that was posted for an invocation, as soon as it is.</summary>
    public async Task<byte[]> ResponseAsync(string requestId) => (await _known[requestId].Response.Task.WaitAsync(Guard)).Body;

    /// <summary>The error that was posted for an invocation, as soon as it is.</summary>
    public Task<FakeRequest> ErrorAsync(string requestId) => _known[requestId].Error.Task.WaitAsync(Guard);

    /// <summary>The error that Init was reported to have failed with, as soon as it is.</summary>
    public Task<FakeRequest> InitErrorAsync() => _initError.Task.WaitAsync(Guard);

    /// <summary>The message of that error.</summary>
    public async Task<string> InitErrorMessageAsync() =>
        JsonElement.Parse((await InitErrorAsync()).Body).GetProperty("errorMessage").GetString()!;

    /// <summary>The request of an extension for its next event, as soon as it waits in it.</summary>
    public Task<FakeRequest> ExtensionWaitingAsync() => _extensionWaits.Task.WaitAsync(Guard);

    /// <summary>Until a client waits in <c>next</c> with nothing enqueued; each wait is reported once.</summary>
    public async Task WaitingAsync()
    {
        using var guard = new CancellationTokenSource(Guard);
        await _waits.Reader.ReadAsync(guard.Token);
    }

    /// <summary>Until a connection has been closed on this side; each is reported once.</summary>
    public async Task ConnectionEndedAsync()
    {
        using var guard = new CancellationTokenSource(Guard);
        await _ends.Reader.ReadAsync(guard.Token);
    }

    /// <summary>Closes the connections on which a client waits in <c>next</c>.</summary>
    public void CloseWaiting(bool reset = false)
    {
        foreach (int number in _waiting.Keys)
        {
            if (!_waiting.TryRemove(number, out FakeConnection? connection))
                continue;
            if (reset)
                connection.Reset();
            else
                connection.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await AcceptOneAsync();
                _serving.Add(ServeAsync(new FakeConnection(socket, Interlocked.Increment(ref _connections))));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task<Socket> AcceptOneAsync()
    {
        while (true)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                return socket;
            }
            catch (SocketException)
            {
                // Reset before it was accepted: the next one must not wait for ever because of that.
            }
        }
    }

    private async Task ServeAsync(FakeConnection connection)
    {
        await ServeUntilClosedAsync(connection);
        _ends.Writer.TryWrite(connection.Number);
    }

    private async Task ServeUntilClosedAsync(FakeConnection connection)
    {
        using (connection)
        {
            try
            {
                while (await connection.ReadAsync(_stop.Token) is { } request)
                {
                    _requests.Enqueue(request);
                    if (!await AnswerAsync(connection, request))
                        return;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Disposed, closed by CloseWaiting, or the client went away in the middle of an answer.
            }
        }
    }

    /// <summary>False ends the connection.</summary>
    private async Task<bool> AnswerAsync(FakeConnection connection, FakeRequest request)
    {
        FakeRoute route = RouteOf(request, out string id);
        FakeAnswer? script = _scripts.TryGetValue(route, out ConcurrentQueue<FakeAnswer>? scripts) && scripts.TryDequeue(out FakeAnswer? first) ? first : null;
        if (script is not null)
            await script.Before.WaitAsync(_stop.Token);
        if (script is null or { End: FakeEnd.CloseAfterProperWork or FakeEnd.ProperAnswer })
        {
            byte[] proper = await ProperAnswerAsync(connection, route, id, request);
            if (script is { End: FakeEnd.CloseAfterProperWork })
                return false;
            await connection.SendAsync(proper, _stop.Token);
            return true;
        }

        foreach (byte[] piece in script.Pieces)
            await connection.SendAsync(piece, _stop.Token);
        if (script.End == FakeEnd.Reset)
            connection.Reset();
        return script.End == FakeEnd.KeepOpen;
    }

    private async Task<byte[]> ProperAnswerAsync(FakeConnection connection, FakeRoute route, string id, FakeRequest request)
    {
        switch (route)
        {
            case FakeRoute.Next:
                return await NextAsync(connection);
            case FakeRoute.ExtensionRegister:
                return Registered;
            case FakeRoute.ExtensionNext:
                _extensionWaits.TrySetResult(request);
                await connection.EndsAsync(_stop.Token);
                throw new OperationCanceledException();
            case FakeRoute.InitError:
                _initError.TrySetResult(request);
                return Accepted;
            case FakeRoute.Response or FakeRoute.InvocationError:
                if (!_known.TryGetValue(id, out FakeInvocation? invocation))
                    return Bytes(FakeAnswer.Status(400, "InvalidRequestID", "Invalid request ID"));
                return invocation.Answer(route, request) ? Accepted : Bytes(FakeAnswer.Status(403, "InvalidStateTransition", "State transition is not allowed"));
            default:
                return Bytes(FakeAnswer.Status(404, "NotFound", "no such route"));
        }
    }

    private static byte[] Accepted { get; } = Bytes(FakeAnswer.StatusWithBody(202, """{"status":"OK"}"""));

    private static byte[] Registered { get; } = Bytes(FakeAnswer.Raw(
        $"HTTP/1.1 200 OK\r\nlambda-extension-identifier: {ExtensionId}\r\nContent-Length: 2\r\n\r\n{{}}"));

    private static byte[] Bytes(FakeAnswer answer) => answer.Pieces[0];

    private async Task<byte[]> NextAsync(FakeConnection connection)
    {
        if (_invocations.Reader.TryRead(out (string, byte[] Answer) ready))
            return ready.Answer;
        _waiting[connection.Number] = connection;
        _waits.Writer.TryWrite(connection.Number);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<bool> end = connection.EndsAsync(gone.Token);
        try
        {
            while (true)
            {
                Task<bool> invoked = _invocations.Reader.WaitToReadAsync(gone.Token).AsTask();
                bool clientIsGone = await Task.WhenAny(end, invoked) == end;
                // An invocation that is enqueued after a client went away is for the next one, whichever event is noticed first.
                if (clientIsGone || !_waiting.ContainsKey(connection.Number) || connection.HasEnded || !await invoked)
                    throw new OperationCanceledException();
                // Another client that waits may have been faster.
                if (_invocations.Reader.TryRead(out (string, byte[] Answer) invocation))
                    return invocation.Answer;
            }
        }
        finally
        {
            _waiting.TryRemove(connection.Number, out _);
            await gone.CancelAsync();
        }
    }

    private static FakeRoute RouteOf(FakeRequest request, out string id)
    {
        string[] parts = request.Path.Split('/');
        id = parts.Length == 6 ? Uri.UnescapeDataString(parts[4]) : "";
        return (request.Method, parts) switch
        {
            ("GET", ["", "2018-06-01", "runtime", "invocation", "next"]) => FakeRoute.Next,
            ("POST", ["", "2018-06-01", "runtime", "invocation", _, "response"]) => FakeRoute.Response,
            ("POST", ["", "2018-06-01", "runtime", "invocation", _, "error"]) => FakeRoute.InvocationError,
            ("POST", ["", "2018-06-01", "runtime", "init", "error"]) => FakeRoute.InitError,
            ("POST", ["", "2020-01-01", "extension", "register"]) => FakeRoute.ExtensionRegister,
            ("GET", ["", "2020-01-01", "extension", "event", "next"]) => FakeRoute.ExtensionNext,
            _ => FakeRoute.Unknown,
        };
    }
}
