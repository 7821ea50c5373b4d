using NativeLambda.Database;
using Npgsql;

namespace NativeLambda.Runtime;

/// <summary>What a handler may know about its invocation besides the event.</summary>
public sealed class InvocationContext
{
    private readonly TimeProvider _time;
    private List<Func<NpgsqlConnection, CancellationToken, ValueTask>>? _afterResponse;

    /// <summary>Creates a context; the invocation loop does, and tests of handlers may.</summary>
    /// <param name="invocation">The invocation as received.</param>
    /// <param name="connection">Facts about the connection that is lent to the handler.</param>
    /// <param name="time">The clock that <see cref="RemainingTime"/> is read from.</param>
    public InvocationContext(Invocation invocation, ConnectionFacts connection, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        RequestId = invocation.RequestId;
        InvokedFunctionArn = invocation.InvokedFunctionArn;
        TraceId = invocation.TraceId;
        ClientContext = invocation.ClientContext;
        CognitoIdentity = invocation.CognitoIdentity;
        TenantId = invocation.TenantId;
        Deadline = DateTimeOffset.FromUnixTimeMilliseconds(invocation.DeadlineUnixMs);
        Connection = connection;
    }

    /// <inheritdoc cref="Invocation.RequestId"/>
    public string RequestId { get; }

    /// <inheritdoc cref="Invocation.InvokedFunctionArn"/>
    public string InvokedFunctionArn { get; }

    /// <inheritdoc cref="Invocation.TraceId"/>
    public string? TraceId { get; }

    /// <inheritdoc cref="Invocation.ClientContext"/>
    public string? ClientContext { get; }

    /// <inheritdoc cref="Invocation.CognitoIdentity"/>
    public string? CognitoIdentity { get; }

    /// <inheritdoc cref="Invocation.TenantId"/>
    public string? TenantId { get; }

    /// <summary>When Lambda ends the invocation.</summary>
    public DateTimeOffset Deadline { get; }

    /// <summary>The time left until <see cref="Deadline"/>; zero when it has passed.</summary>
    public TimeSpan RemainingTime
    {
        get
        {
            TimeSpan left = Deadline - _time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Facts about the connection that the handler was lent.</summary>
    public ConnectionFacts Connection { get; }

    /// <summary>
    /// Whether the invocation may be run a second time when its connection dies under the handler. For HTTP events it starts as
    /// <see langword="true"/> for GET, HEAD and OPTIONS, otherwise as <see langword="false"/>; a handler that knows better sets it
    /// before its first statement.
    /// </summary>
    public bool IsIdempotent { get; set; }

    /// <summary>Whether this is the first invocation of the execution environment.</summary>
    public bool IsColdStart => Connection.Invocations == 1;

    /// <summary>
    /// Whether this is no invocation but a <see cref="PrimingEvent"/> in the Init phase: there is no caller, the answer is discarded, and
    /// work that <see cref="AfterResponse"/> registers does not run.
    /// </summary>
    public bool IsPriming { get; init; }

    internal bool HasWorkAfterResponse => _afterResponse is not null;

    /// <summary>
    /// Registers work that runs after the caller has its answer and before the environment is frozen, on the live connection and
    /// within the deadline, in the order of registration. It does not run when the handler fails; what it throws is logged. The
    /// invocation is billed until it ends.
    /// </summary>
    /// <param name="work">The work. Its token fires as the handler's does, shortly before the deadline.</param>
    /// <remarks>
    /// Work that a handler merely leaves running is no such thing: it is frozen with the environment, and the connection that it
    /// uses is taken from it.
    /// </remarks>
    public void AfterResponse(Func<NpgsqlConnection, CancellationToken, ValueTask> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        (_afterResponse ??= []).Add(work);
    }

    internal async Task RunAfterResponseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (Func<NpgsqlConnection, CancellationToken, ValueTask> work in _afterResponse!)
            await work(connection, cancellationToken);
    }
}
