using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>
/// A bare Runtime API for one process, on a free port of loopback. It has no thread of its own: it works while the caller waits in one
/// of its methods, in poll(2), so that between an answer and its timestamp there is one wake-up and nothing else.
/// </summary>
internal sealed class RuntimeApi : IDisposable
{
    private static readonly byte[] Accepted = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n"u8.ToArray();
    private static readonly byte[] Registered =
        "HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: 123e4567-e89b-12d3-a456-426614174000\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray();
    private static readonly TimeSpan LookUp = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<(Socket Socket, RequestReader Reader)> _connections = [];
    private KernelCalls.PollDescriptor[] _descriptors = new KernelCalls.PollDescriptor[8];
    private Socket? _waiting;
    private RuntimeRequest? _answer;
    private long _requestId;

    /// <summary>Listens on a free port.</summary>
    public RuntimeApi(TimeProvider time)
    {
        _time = time;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>What the function finds in <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    /// <summary>The timestamp of the first connection.</summary>
    public long? ConnectedAt { get; private set; }

    /// <summary>The timestamp of the first <c>next</c>, which ends Init.</summary>
    public long? FirstNextAt { get; private set; }

    /// <summary>The timestamp of the last <c>next</c>.</summary>
    public long NextAt { get; private set; }

    /// <summary>Waits until the process asks for an event.</summary>
    /// <param name="process">The process that is served.</param>
    /// <param name="patience">How long that may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BenchmarkException">The process ends, reports an error, or takes too long.</exception>
    public void AwaitNext(MeasuredProcess process, TimeSpan patience, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (_waiting is null) Serve(process, start, patience, cancellationToken);
    }

    /// <summary>Gives the process that asks for an event this one, and waits for its answer.</summary>
    /// <inheritdoc cref="AwaitNext"/>
    public Invocation Invoke(byte[] body, MeasuredProcess process, TimeSpan patience, CancellationToken cancellationToken)
    {
        Socket socket = _waiting ?? throw new InvalidOperationException("nobody has asked for an event");
        byte[] response = Event(body, patience);
        (_waiting, _answer) = (null, null);
        long start = _time.GetTimestamp();
        socket.Send(response);
        while (_answer is null) Serve(process, start, patience, cancellationToken);
        return new Invocation(start, _answer.ReceivedAt, _answer.Body);
    }

    /// <summary>Closes all connections: the process finds the end of the stream.</summary>
    public void Dispose()
    {
        foreach ((Socket socket, _) in _connections) socket.Dispose();
        _listener.Dispose();
    }

    private void Serve(MeasuredProcess process, long start, TimeSpan patience, CancellationToken cancellationToken)
    {
        int count = _connections.Count + 2;
        if (count > _descriptors.Length) Array.Resize(ref _descriptors, count * 2);
        Set(0, process.Descriptor);
        Set(1, (int)_listener.Handle);
        for (int index = 0; index < _connections.Count; index++) Set(index + 2, (int)_connections[index].Socket.Handle);
        KernelCalls.Poll(_descriptors.AsSpan(0, count), LookUp);

        // From the last: one that is closed goes out of the list.
        for (int index = count - 1; index >= 2; index--)
            if (_descriptors[index].ReturnedEvents != 0) Receive(index - 2);
        if (_descriptors[1].ReturnedEvents != 0) Accept();
        // A process that has ended may have said why before.
        if (_descriptors[0].ReturnedEvents != 0 && _answer is null)
        {
            process.WaitForEnd();
            throw new BenchmarkException($"the function has ended; its last words: {process.ReadLog()}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_time.GetElapsedTime(start) > patience)
            throw new BenchmarkException($"the function has taken more than {patience.TotalSeconds:0} s; its last words: {process.ReadLog()}");
    }

    private void Set(int index, int descriptor) => _descriptors[index] = new KernelCalls.PollDescriptor { Descriptor = descriptor, Events = KernelCalls.PollIn };

    private void Accept()
    {
        Socket socket = _listener.Accept();
        ConnectedAt ??= _time.GetTimestamp();
        socket.NoDelay = true;
        _connections.Add((socket, new RequestReader()));
    }

    private void Receive(int index)
    {
        (Socket socket, RequestReader reader) = _connections[index];
        int count = socket.Receive(reader.Free, SocketFlags.None, out SocketError error);
        long now = _time.GetTimestamp();
        if (error != SocketError.Success || count == 0)
        {
            if (_waiting == socket) _waiting = null;
            _connections.RemoveAt(index);
            socket.Dispose();
            return;
        }

        reader.Advance(count);
        while (reader.TryTake(now) is { } request) Answer(socket, request);
    }

    private void Answer(Socket socket, RuntimeRequest request)
    {
        switch (request.Route)
        {
            case RuntimeRoute.Next:
                NextAt = request.ReceivedAt;
                FirstNextAt ??= NextAt;
                _waiting = socket;
                break;
            case RuntimeRoute.Response:
                _answer = request;
                socket.Send(Accepted);
                break;
            case RuntimeRoute.RegisterExtension:
                socket.Send(Registered);
                break;
            case RuntimeRoute.NextExtensionEvent:
                break;
            case RuntimeRoute.InitError or RuntimeRoute.InvocationError:
                throw new BenchmarkException($"the function reports an error: {Encoding.UTF8.GetString(request.Body)}");
            default:
                throw new BenchmarkException("the function asks for what the Runtime API does not offer");
        }
    }

    private byte[] Event(byte[] body, TimeSpan patience)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"""
            HTTP/1.1 200 OK
            Content-Type: application/json
            Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-{++_requestId:x12}
            Lambda-Runtime-Deadline-Ms: {(_time.GetUtcNow() + patience).ToUnixTimeMilliseconds()}
            Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:products
            Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1
            Content-Length: {body.Length}


            """).ReplaceLineEndings("\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
