using System.Net;
using System.Net.Sockets;
using NativeLambda.Database;
using NativeLambda.Runtime.Http1;

namespace NativeLambda.Runtime;

/// <summary>One TCP connection to the Runtime API and the parser of what comes from it. One exchange at a time.</summary>
internal sealed class RuntimeApiConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Http1ResponseParser _parser;
    private readonly byte[] _received = new byte[16 * 1024];

    private bool _reusable = true;

    private RuntimeApiConnection(Socket socket, Http1Limits limits)
    {
        _socket = socket;
        _parser = new Http1ResponseParser(limits);
    }

    /// <summary>The head of the last answer; valid until the next exchange.</summary>
    public Http1ResponseHead Head => _parser.Head;

    /// <summary>Why the last exchange got no answer, where the socket said it.</summary>
    public SocketException? Failure { get; private set; }

    /// <summary>
    /// Whether a request may be sent: the last answer was complete and left the connection open, and the peer neither closed it
    /// since nor sent what nobody asked for. Costs one poll(2), and saves most of the requests that would have to be sent twice.
    /// </summary>
    public bool IsUsable => _reusable && !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects; of a name with several addresses, to the first that accepts.</summary>
    /// <exception cref="RuntimeApiException">There is nobody.</exception>
    public static async ValueTask<RuntimeApiConnection> ConnectAsync(RuntimeApiEndpoint endpoint, Http1Limits limits, CancellationToken cancellationToken)
    {
        SocketException? failure = null;
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
            foreach (IPAddress address in addresses)
            {
                // Without NoDelay, the second send of a long response waits for the acknowledgement of the first.
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    // The Runtime API is on this machine: it accepts or refuses at once.
                    if (SocketPatience.IsOn)
                        socket.Connect(address, endpoint.Port);
                    else
                        await socket.ConnectAsync(new IPEndPoint(address, endpoint.Port), cancellationToken);
                    return new RuntimeApiConnection(socket, limits);
                }
                catch (SocketException e)
                {
                    socket.Dispose();
                    failure = e;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }
        }
        catch (SocketException e)
        {
            failure = e;
        }

        throw new RuntimeApiException($"The Runtime API at {endpoint.Authority} ({RuntimeApiRoutes.AddressVariable}) cannot be reached: {failure?.Message ?? "its name has no address"}.", failure);
    }

    /// <summary>Lets this connection wait on the thread that asks: the loop's, which has nothing else to do. See <see cref="SocketPatience"/>.</summary>
    public void BePatient() => SocketPatience.ForRuntimeApi(_socket);

    /// <summary>Sends a request and receives the answer to it.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="body">Takes the body of the answer.</param>
    /// <param name="keep">How many bytes of that body are kept; the rest is read and dropped.</param>
    /// <param name="cancellationToken">Ends it, and with it the connection's use.</param>
    /// <returns>False when the connection ended before any byte of an answer came.</returns>
    /// <exception cref="RuntimeApiException">An answer began, and is not one.</exception>
    public async ValueTask<bool> TryExchangeAsync(RuntimeApiRequest request, ByteBuffer body, int keep, CancellationToken cancellationToken)
    {
        bool sent = await TrySendAsync(request, cancellationToken);
        return await TryReceiveAsync(sent, body, keep, cancellationToken);
    }

    /// <summary>Sends a request; its answer is left unread.</summary>
    /// <returns>False when the connection ended in the course of it.</returns>
    public async ValueTask<bool> TrySendAsync(RuntimeApiRequest request, CancellationToken cancellationToken)
    {
        _reusable = true;
        return await TrySendAsync(request.First, cancellationToken) && await TrySendAsync(request.Second, cancellationToken);
    }

    /// <summary>Receives the answer to the request that was sent: the other half of <see cref="TryExchangeAsync"/>.</summary>
    public async ValueTask<bool> TryReceiveAsync(bool sent, ByteBuffer body, int keep, CancellationToken cancellationToken)
    {
        _parser.Reset();
        body.Clear();
        bool begun = false;

        // What waits in the kernel does not see the token: it is woken by the end of the connection, which is of no more use then anyway.
        using CancellationTokenRegistration wake = SocketPatience.IsOn
            ? cancellationToken.UnsafeRegister(static socket => NativeMethods.ShutDown((Socket)socket!), _socket)
            : default;
        while (true)
        {
            // Also after a send that failed: a peer that refuses a request before it has read it all answers and closes.
            int count = await ReceiveAsync(cancellationToken);
            if (count <= 0)
                cancellationToken.ThrowIfCancellationRequested();
            if (count <= 0 && !begun)
                return false;
            begun = true;
            bool complete = count > 0 ? Parse(_received.AsSpan(0, count), body, keep) : EndsHere(byError: count < 0);
            if (complete)
            {
                _reusable &= sent && _parser.KeepsConnection;
                return true;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
            return true;
        }
        catch (SocketException e)
        {
            Failure = e;
            return false;
        }
    }

    /// <summary>What came, 0 for the end, less for an end by an error.</summary>
    private async ValueTask<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(_received, cancellationToken);
        }
        catch (SocketException e)
        {
            Failure = e;
            return -1;
        }
    }

    /// <summary>Feeds the parser; true when the answer is complete.</summary>
    private bool Parse(ReadOnlySpan<byte> input, ByteBuffer body, int keep)
    {
        while (true)
        {
            Http1Step step = _parser.Advance(input, out int consumed, out ReadOnlySpan<byte> piece);
            input = input[consumed..];
            switch (step)
            {
                case Http1Step.NeedMore:
                    return false;
                case Http1Step.Body:
                    body.Append(piece[..Math.Min(piece.Length, keep - body.Length)], _parser.DeclaredLength);
                    break;
                case Http1Step.Done:
                    // What follows an answer was not asked for: it must not be taken for the answer to the next request.
                    _reusable = input.IsEmpty;
                    return true;
                case Http1Step.Error:
                    throw NotHttp(inner: null);
                default:
                    break;
            }
        }
    }

    /// <summary>The peer has closed: the end of an answer that has no other one. After an error it is not known to be whole.</summary>
    private bool EndsHere(bool byError) =>
        !byError && _parser.EndOfInput() == Http1Step.Done ? true : throw NotHttp(Failure);

    private RuntimeApiException NotHttp(SocketException? inner)
    {
        Http1Error error = _parser.Error == Http1Error.None ? Http1Error.Truncated : _parser.Error;
        return new RuntimeApiException($"What the Runtime API answered is not HTTP/1.1: {error.Describe()}.", inner);
    }
}
