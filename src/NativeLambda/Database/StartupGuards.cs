using System.Globalization;
using System.Text;
using NativeLambda.Telemetry;
using NativeLambda.Telemetry.Lifetime;
using Npgsql;

namespace NativeLambda.Database;

/// <summary>
/// The guards that a session is started with, and what was learnt of the server from those that it refused. A refusal costs one
/// attempt to open, once in the life of the environment: all its lanes share what one has learnt.
/// </summary>
internal sealed class StartupGuards
{
    private const string IdleSessionTimeout = "idle_session_timeout";

    private readonly Lock _lock = new();
    private readonly LambdaLog _log;
    private readonly bool _learns;
    private List<(string Name, string Value)> _guards = [];
    private volatile string? _options;
    private volatile ServerProfile _profile;

    public StartupGuards(ServerSettings settings, LambdaLog log)
    {
        _log = log;
        _learns = settings.Profile == ServerProfile.Auto;
        _profile = _learns ? ServerProfile.Direct : settings.Profile;
        Add(IdleSessionTimeout, settings.IdleDisconnect);
        Add("idle_in_transaction_session_timeout", settings.IdleInTransaction);
        Add("statement_timeout", settings.StatementTimeout);

        // A frozen environment answers no keepalive on AWS: the server finds out within a minute and a half that it is gone, and
        // within ten seconds when it waits for nobody in the middle of a statement.
        _guards.Add(("tcp_keepalives_idle", "60"));
        _guards.Add(("tcp_keepalives_interval", "10"));
        _guards.Add(("tcp_keepalives_count", "3"));

        // With something unacknowledged on its way the kernel sends no keepalives but that again, for a quarter of an hour.
        _guards.Add(("tcp_user_timeout", "90000"));
        _guards.Add(("client_connection_check_interval", "10000"));
        _options = Format();
    }

    /// <summary>What answers at the address, as far as it is known; never <see cref="ServerProfile.Auto"/>.</summary>
    public ServerProfile Profile => _profile;

    /// <summary>Whether a pooler answers.</summary>
    public bool IsPooler => Profile != ServerProfile.Direct;

    /// <summary>Whether the server closes idle sessions by itself.</summary>
    public bool ServerClosesIdle => !IsPooler && Volatile.Read(ref _guards).Exists(guard => guard.Name == IdleSessionTimeout);

    /// <summary>The startup parameter <c>options</c>, or <see langword="null"/> when there is none to send.</summary>
    public string? Options => _options;

    /// <summary>Learns from a refused open. Whether that was new.</summary>
    public bool TryLearn(PostgresException refusal)
    {
        lock (_lock)
            return TryLearnAlone(refusal);
    }

    private bool TryLearnAlone(PostgresException refusal)
    {
        if (IsPooler)
            return false;
        switch (refusal.SqlState)
        {
            case SqlStates.UndefinedObject or SqlStates.InvalidParameterValue:
                int index = _guards.FindIndex(guard => refusal.MessageText.Contains('"' + guard.Name + '"', StringComparison.Ordinal));
                if (index < 0)
                    return false;
                string name = _guards[index].Name;
                _log.Write(new GuardRefused(name, refusal.SqlState, $"The server does not know the guard {name} ({refusal.MessageText}); sessions start without it."));

                // Others read the list meanwhile: it is replaced, never changed.
                Volatile.Write(ref _guards, [.. _guards[..index], .. _guards[(index + 1)..]]);
                _options = Format();
                return true;
            case SqlStates.ProtocolViolation when _learns && refusal.MessageText.Contains("startup parameter", StringComparison.Ordinal):
                LearnPooler(ServerProfile.PgBouncer, refusal.SqlState);
                return true;
            case SqlStates.FeatureNotSupported when _learns:
                LearnPooler(ServerProfile.RdsProxy, refusal.SqlState);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Learns that the backend that answers is not the one that the session was opened on: a pooler that takes options and ignores them.</summary>
    public void LearnFrom(in ServerLoad load, int sessionPid)
    {
        if (!_learns || IsPooler || load.BackendPid == sessionPid)
            return;
        lock (_lock)
        {
            if (!IsPooler)
                LearnPooler(ServerProfile.PgBouncer);
        }
    }

    private void LearnPooler(ServerProfile profile, string? sqlState = null)
    {
        _profile = profile;
        _options = Format();
        string names = string.Join(", ", _guards.Select(guard => guard.Name));
        string where = profile == ServerProfile.RdsProxy
            ? "the idle client timeout of the proxy"
            : "client_idle_timeout, query_timeout and idle_transaction_timeout of PgBouncer";
        _log.Write(new GuardRefused(
            names,
            sqlState,
            $"A pooler answers ({profile}): the guards {names} cannot be set as a session starts. Set them with ALTER ROLE … SET, and {where}. " +
            "Say NATIVELAMBDA_SERVER to learn it without a refused attempt."));
    }

    private string? Format()
    {
        if (IsPooler || _guards.Count == 0)
            return null;
        var options = new StringBuilder();
        foreach ((string name, string value) in _guards)
            options.Append(options.Length == 0 ? "-c " : " -c ").Append(name).Append('=').Append(value);
        return options.ToString();
    }

    private void Add(string name, TimeSpan value)
    {
        if (value > TimeSpan.Zero)
            _guards.Add((name, ((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
    }
}
