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
/// as over only when every extension has sent it. The request to register is under way while the connection
/// to the database is being opened.
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

    // Continues on the thread that completes it: that of Init, which has nothing else to do then.
    private readonly TaskCompletionSource _wanted = new();
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
        _wanted.TrySetResult();
        if (_registering.IsCompleted)
            return;
        await _registering.WaitAsync(RegistrationLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_registering.IsCompleted)
            _log.Write(LogLevel.Warn, $"The Extensions API has not answered within {RegistrationLimit.TotalSeconds:0} s: Init goes on meanwhile; should it refuse, the environment will end without SIGTERM.");
    }

    public void Dispose()
    {
        _end.Cancel();
        _wanted.TrySetResult();
        _connection?.Dispose();
        _end.Dispose();
    }

    private async Task RegisterAsync()
    {
        try
        {
            _connection = await RuntimeApiConnection.ConnectAsync(_endpoint, Limits, _ended);
            _request.Post(ExtensionsApiRoutes.Register, """{"events":[]}"""u8.ToArray(), ExtensionsApiRoutes.NameHeader, Name);
            bool sent = await _connection.TrySendAsync(_request, _ended);
            await _wanted.Task;
            if (!await _connection.TryReceiveAsync(sent, _answer, KeptAnswerBytes, _ended))
                throw new RuntimeApiException("The Extensions API closes the connection instead of answering.");

            // Its answer is an event that was not asked for, or the end of the connection: nobody reads it.
            _request.Get(ExtensionsApiRoutes.NextEvent, ExtensionsApiRoutes.IdentifierHeader, ReadIdentifier(_connection.Head));
            await _connection.TrySendAsync(_request, _ended);
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
