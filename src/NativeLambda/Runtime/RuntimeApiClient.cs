using System.Net;
using NativeLambda.Runtime.Http1;
using NativeLambda.Settings;

namespace NativeLambda.Runtime;

/// <summary>
/// The Lambda Runtime API over one kept-alive connection, which is made at the first call and again whenever the peer has closed
/// it. One call at a time.
/// </summary>
/// <remarks>
/// <para>
/// A connection can end before any byte of an answer has come, and then nobody here knows whether the request was received. Both
/// kinds of call are sent again on a new connection, because for both the platform is the one that counts:
/// </para>
/// <para>
/// <c>next</c>: if the platform had not handed out an invocation, the repeated call simply waits on. If it had, and the answer was
/// lost on the way, no handler has seen the invocation; the platform refuses the repeated call (403
/// <c>InvalidStateTransition</c>) or lets the invocation time out, but does not hand it out again here. In no case does an
/// invocation run twice.
/// </para>
/// <para>
/// <c>response</c> and <c>error</c>: they bear the id of the invocation, and the platform takes the first of them and refuses any
/// other (400 <c>InvalidRequestID</c>, 403 <c>InvalidStateTransition</c>). So a second post cannot answer twice, while giving up
/// could leave a caller without the answer to a write that was committed. A refusal of the <em>second</em> post by one of these two
/// names means that the first has arrived, or that the invocation has ended otherwise: either way there is nothing left to
/// deliver, and the call counts as done.
/// </para>
/// </remarks>
public sealed class RuntimeApiClient : IRuntimeApi, IDisposable
{
    /// <summary>The longest event that is accepted unless said otherwise: 64 MiB, ten times of what Lambda sends today.</summary>
    public const int DefaultMaxPayloadBytes = 64 * 1024 * 1024;

    /// <summary>An event buffer beyond this is not kept for the next invocation.</summary>
    private const int KeptPayloadBytes = 1024 * 1024;

    /// <summary>The answer to a post is an error at most; what is longer than this is read and dropped.</summary>
    private const int KeptAnswerBytes = 8 * 1024;

    /// <summary>A peer that closes a waiting <c>next</c> sooner than this does not wait at all.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    /// <summary>So often in a row may a waiting <c>next</c> be closed at once; after longer waits, for ever.</summary>
    private const int MaxShortWaits = 5;

    private readonly RuntimeApiEndpoint _endpoint;
    private readonly Http1Limits _limits;
    private readonly TimeProvider _time;
    private readonly RuntimeApiRequest _request;
    private readonly ByteBuffer _payload = new(firstSize: 4 * 1024, KeptPayloadBytes);
    private readonly EventMemory _event;
    private readonly ByteBuffer _answer = new(firstSize: 512);
    private RuntimeApiConnection? _connection;
    private int _busy;
    private bool _disposed;

    /// <summary>Creates a client; it does not connect yet.</summary>
    /// <param name="address">Where the Runtime API listens: <c>host:port</c>, port 80 when there is none.</param>
    /// <param name="maxPayloadBytes">The longest event that is accepted.</param>
    /// <param name="time">The clock that tells how long a call waited; the system's by default.</param>
    /// <exception cref="SettingsException">The address is not one.</exception>
    public RuntimeApiClient(string? address, int maxPayloadBytes = DefaultMaxPayloadBytes, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPayloadBytes);
        _endpoint = RuntimeApiEndpoint.Parse(address);
        _limits = new Http1Limits { MaxBodyBytes = maxPayloadBytes };
        _time = time ?? TimeProvider.System;
        _request = new RuntimeApiRequest(_endpoint);
        _event = new EventMemory(_payload);
    }

    /// <summary>Creates a client for the Runtime API that <c>AWS_LAMBDA_RUNTIME_API</c> names; it does not connect yet.</summary>
    /// <param name="get">Reads an environment variable; the process's own by default.</param>
    /// <exception cref="SettingsException">The variable is missing, as it is outside Lambda, or not an address.</exception>
    public static RuntimeApiClient FromEnvironment(Func<string, string?>? get = null) =>
        new((get ?? Environment.GetEnvironmentVariable)(RuntimeApiRoutes.AddressVariable));

    /// <summary>
    /// Waits for the next invocation: for milliseconds or days, and across a freeze. Never times out.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, at shutdown.</param>
    /// <returns>The invocation; its payload is valid until the next call of this method.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API answered with an error or with something that is not its protocol.</exception>
    public async ValueTask<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            if (_payload.Clear())
                ReturnMemory();
            _request.Get(RuntimeApiRoutes.Next);
            int shortWaits = 0;
            while (true)
            {
                long started = _time.GetTimestamp();
                if (await TryExchangeAsync(_payload, int.MaxValue, cancellationToken) is { } head)
                {
                    return head.Status == (int)HttpStatusCode.OK
                        ? InvocationReader.Read(head, _event.Memory)
                        : throw Refusal(RuntimeApiRoutes.Next, head.Status, RuntimeApiRefusal.Read(_payload.WrittenSpan));
                }

                shortWaits = _time.GetElapsedTime(started) < ShortWait ? shortWaits + 1 : 0;
                if (shortWaits > MaxShortWaits)
                    throw NoAnswer(RuntimeApiRoutes.Next);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Posts the response of an invocation; the caller has its answer when this returns.</summary>
    /// <param name="requestId">The <see cref="Invocation.RequestId"/>.</param>
    /// <param name="response">The response payload, at most <see cref="ResponseLimits.MaxPayloadBytes"/> long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RuntimeApiException">The Runtime API refused the response; see <see cref="RuntimeApiException.IsFatal"/>.</exception>
    /// <exception cref="ArgumentException">The response is longer than <see cref="ResponseLimits.MaxPayloadBytes"/>, or the id is none.</exception>
    public ValueTask PostResponseAsync(string requestId, ReadOnlyMemory<byte> response, CancellationToken cancellationToken)
    {
        if (response.Length > ResponseLimits.MaxPayloadBytes)
            throw new ArgumentException($"The response has {response.Length} bytes; Lambda takes at most {ResponseLimits.MaxPayloadBytes}.", nameof(response));
        return PostAsync(RuntimeApiRoutes.Response(requestId), response, error: null, cancellationToken);
    }

    /// <summary>Reports that an invocation failed; the caller gets the error.</summary>
    /// <param name="requestId">The <see cref="Invocation.RequestId"/>.</param>
    /// <param name="error">What the caller sees.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RuntimeApiException">The Runtime API refused the report.</exception>
    /// <exception cref="ArgumentException">The id is none.</exception>
    public ValueTask PostInvocationErrorAsync(string requestId, FunctionError error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        return PostAsync(RuntimeApiRoutes.InvocationError(requestId), body: default, error, cancellationToken);
    }

    /// <summary>Reports that Init failed. The process must exit afterwards.</summary>
    /// <param name="error">What Lambda logs and shows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RuntimeApiException">The Runtime API refused the report.</exception>
    public ValueTask PostInitErrorAsync(FunctionError error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        return PostAsync(RuntimeApiRoutes.InitError, body: default, error, cancellationToken);
    }

    /// <summary>Closes the connection; a call that waits fails.</summary>
    public void Dispose()
    {
        _disposed = true;
        Drop();
    }

    private async ValueTask PostAsync(string path, ReadOnlyMemory<byte> body, FunctionError? error, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            if (error is null)
                _request.Post(path, body);
            else
                _request.Post(path, error);
            Http1ResponseHead? head = await TryExchangeAsync(_answer, KeptAnswerBytes, cancellationToken);
            bool again = head is null;
            head ??= await TryExchangeAsync(_answer, KeptAnswerBytes, cancellationToken) ?? throw NoAnswer(path);
            if (head.Status is >= 200 and < 300)
                return;
            RuntimeApiRefusal refusal = RuntimeApiRefusal.Read(_answer.WrittenSpan);
            if (!(again && refusal.SaysAlreadyAnswered))
                throw Refusal(path, head.Status, refusal);
        }
        finally
        {
            _request.Release();
            Leave();
        }
    }

    /// <summary>One request on the connection, or on a new one; <see langword="null"/> when it ended before an answer began.</summary>
    private async ValueTask<Http1ResponseHead?> TryExchangeAsync(ByteBuffer body, int keep, CancellationToken cancellationToken)
    {
        if (_connection is { IsUsable: false })
            Drop();
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_connection is not { } connection)
        {
            connection = _connection = await RuntimeApiConnection.ConnectAsync(_endpoint, _limits, cancellationToken);
            connection.BePatient();
        }

        bool answered = false;
        try
        {
            answered = await connection.TryExchangeAsync(_request, body, keep, cancellationToken);
        }
        finally
        {
            // Cancelled, closed or not understood: the connection is somewhere in the middle of a message, and of no more use.
            if (!answered)
                Drop();
        }

        return answered ? connection.Head : null;
    }

    /// <summary>
    /// Gives the memory of a large event back to the system before the freeze. Left to itself the collector would keep it for as
    /// long as the environment lives, because small invocations hardly give it a reason to run: measured after an event of 6 MB,
    /// 19 MB resident without this and 5 MB with it, for 1.5 ms that no caller waits for.
    /// </summary>
    private static void ReturnMemory() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void Drop()
    {
        if (_connection is null)
            return;
        SocketPatience.ForRuntimeApi(null);
        _connection.Dispose();
        _connection = null;
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException("The Runtime API client makes one call at a time.");
    }

    private void Leave() => Volatile.Write(ref _busy, 0);

    private static RuntimeApiException Refusal(string path, int status, RuntimeApiRefusal refusal)
    {
        string reason = refusal switch
        {
            (null, null) => "it gives no reason",
            (null, { } message) => message,
            ({ } type, null) => type,
            ({ } type, { } message) => $"{type}: {message}",
        };
        return new RuntimeApiException((HttpStatusCode)status, $"The Runtime API answered {path} with {status}: {reason}", refusal.ErrorType);
    }

    private RuntimeApiException NoAnswer(string path) =>
        new($"The Runtime API at {_endpoint.Authority} closes the connection instead of answering {path}.");
}
