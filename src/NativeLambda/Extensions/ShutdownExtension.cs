using System.Text;
using NativeLambda.Runtime;
using NativeLambda.Runtime.Http1;
using NativeLambda.Telemetry;

namespace NativeLambda.Extensions;

/// <summary>
/// An internal extension that does nothing: because it is registered, Lambda announces the end of the environment with SIGTERM and
/// waits, where it otherwise kills the process at once and leaves the backend to find that out by itself.
/// </summary>
/// <remarks>
/// It subscribes to no event: an internal extension may not ask for SHUTDOWN, and every invocation would wait for one that asked for
/// INVOKE. Its request for the next event stays open for the life of the environment, on a connection of its own; Lambda counts Init
/// as over only when every extension has sent it. Registering runs while the connection to the database is being opened.
/// </remarks>
internal sealed class ShutdownExtension : IDisposable
{
    /// <summary>The environment variable that turns it off: <c>on</c> or <c>off</c>.</summary>
    public const string Variable = "NATIVELAMBDA_SHUTDOWN_EXTENSION";

    /// <summary>The name under which it is registered.</summary>
    public const string Name = "nativelambda-shutdown";

    /// <summary>An Extensions API that takes longer to register is not waited for: nothing else may cost Init that much.</summary>
    public static readonly TimeSpan RegistrationLimit = TimeSpan.FromSeconds(1);

    private const int KeptAnswerBytes = 8 * 1024;

    private static readonly Http1Limits Limits = new() { MaxBodyBytes = 64 * 1024 };

    private readonly RuntimeApiEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly LambdaLog _log;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly RuntimeApiRequest _request;
    private readonly ByteBuffer _answer = new(firstSize: 512);
    private readonly Task _registering;
    private RuntimeApiConnection? _connection;

    private ShutdownExtension(RuntimeApiEndpoint endpoint, TimeProvider time, LambdaLog log)
    {
        _endpoint = endpoint;
        _time = time;
        _log = log;
        _ended = _end.Token;
        _request = new RuntimeApiRequest(endpoint);
        _registering = RegisterAsync();
    }

    /// <summary>What waits for an event that never comes; ended once the platform has closed the connection, or registering failed.</summary>
    internal Task Waiting { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to register; returns at once.</summary>
    public static ShutdownExtension Start(RuntimeApiEndpoint endpoint, TimeProvider time, LambdaLog log) => new(endpoint, time, log);

    /// <summary>
    /// Until it is registered and its request for the next event is sent, or that has failed: the first request for an invocation
    /// closes registration. Never throws.
    /// </summary>
    /// <remarks>
    /// A registration that takes long is waited for no longer, but not given up: it may have been taken, and Init then ends only with
    /// the extension's request for the next event. Given up, it cost environments that started by the hundred their whole Init.
    /// </remarks>
    public async ValueTask RegisteredAsync()
    {
        if (_registering.IsCompleted)
            return;
        await _registering.WaitAsync(RegistrationLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_registering.IsCompleted)
            _log.Write(LogLevel.Warn, $"The Extensions API has not answered within {RegistrationLimit.TotalSeconds:0} s: Init goes on meanwhile; should it refuse, the environment will end without SIGTERM.");
    }

    public void Dispose()
    {
        _end.Cancel();
        _connection?.Dispose();
        _end.Dispose();
    }

    private async Task RegisterAsync()
    {
        try
        {
            _connection = await RuntimeApiConnection.ConnectAsync(_endpoint, Limits, _ended);
            _request.Post(ExtensionsApiRoutes.Register, """{"events":[]}"""u8.ToArray(), ExtensionsApiRoutes.NameHeader, Name);
            if (!await _connection.TryExchangeAsync(_request, _answer, KeptAnswerBytes, _ended))
                throw new RuntimeApiException("The Extensions API closes the connection instead of answering.");
            _request.Get(ExtensionsApiRoutes.NextEvent, ExtensionsApiRoutes.IdentifierHeader, ReadIdentifier(_connection.Head));
            Waiting = WaitAsync(_connection);
        }
        catch (RuntimeApiException failure)
        {
            _log.Write(LogLevel.Warn, $"The shutdown extension is not registered, so the environment will end without SIGTERM: {failure.Message}");
            _connection?.Dispose();
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The environment ends before it was registered.
            _connection?.Dispose();
        }
    }

    /// <summary>Sends the request, before it returns, and waits for the answer that is not expected.</summary>
    private async Task WaitAsync(RuntimeApiConnection connection)
    {
        try
        {
            bool answered = await connection.TryExchangeAsync(_request, _answer, KeptAnswerBytes, _ended);
            _log.Write(LogLevel.Debug, answered
                ? $"The shutdown extension was sent an event (status {connection.Head.Status}), which it did not ask for."
                : "The Extensions API closed the connection of the shutdown extension.");
        }
        catch (Exception end) when (end is RuntimeApiException or OperationCanceledException or ObjectDisposedException)
        {
            // The environment ends, or what came is not HTTP: either way there is nothing to do, for SIGTERM comes or it does not.
            _log.Write(LogLevel.Debug, "The shutdown extension waits no longer.", exception: end is RuntimeApiException ? end : null);
        }
    }

    private string ReadIdentifier(Http1ResponseHead head)
    {
        if (head.Status != 200)
        {
            RuntimeApiRefusal refusal = RuntimeApiRefusal.Read(_answer.WrittenSpan);
            throw new RuntimeApiException($"the Extensions API answered {head.Status} {refusal.ErrorType} {refusal.ErrorMessage}".TrimEnd());
        }

        int index = head.Find(ExtensionsApiRoutes.Identifier);
        return index < 0
            ? throw new RuntimeApiException($"the Extensions API gave no {ExtensionsApiRoutes.IdentifierHeader}.")
            : Encoding.ASCII.GetString(head.Value(index));
    }
}
