using System.Globalization;
using System.Text;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.Database;

/// <summary>
/// The guards that a session is started with, and what was learnt of the server from those that it refused. A refusal costs one
/// attempt to open, once in the life of the environment.
/// </summary>
internal sealed class StartupGuards
{
    private const string IdleSessionTimeout = "idle_session_timeout";

    private readonly List<(string Name, string Value)> _guards = [];
    private readonly LambdaLog _log;
    private readonly bool _learns;

    public StartupGuards(ServerSettings settings, LambdaLog log)
    {
        _log = log;
        _learns = settings.Profile == ServerProfile.Auto;
        Profile = _learns ? ServerProfile.Direct : settings.Profile;
        Add(IdleSessionTimeout, settings.IdleDisconnect);
        Add("idle_in_transaction_session_timeout", settings.IdleInTransaction);
        Add("statement_timeout", settings.StatementTimeout);

        // A frozen environment answers no keepalive on AWS: the server finds out within a minute and a half that it is gone, and
        // within ten seconds when it waits for nobody in the middle of a statement.
        _guards.Add(("tcp_keepalives_idle", "60"));
        _guards.Add(("tcp_keepalives_interval", "10"));
        _guards.Add(("tcp_keepalives_count", "3"));
        _guards.Add(("client_connection_check_interval", "10000"));
    }

    /// <summary>What answers at the address, as far as it is known; never <see cref="ServerProfile.Auto"/>.</summary>
    public ServerProfile Profile { get; private set; }

    /// <summary>Whether a pooler answers.</summary>
    public bool IsPooler => Profile != ServerProfile.Direct;

    /// <summary>Whether the server closes idle sessions by itself.</summary>
    public bool ServerClosesIdle => !IsPooler && _guards.Exists(guard => guard.Name == IdleSessionTimeout);

    /// <summary>The startup parameter <c>options</c>, or <see langword="null"/> when there is none to send.</summary>
    public string? Options
    {
        get
        {
            if (IsPooler || _guards.Count == 0)
                return null;
            var options = new StringBuilder();
            foreach ((string name, string value) in _guards)
                options.Append(options.Length == 0 ? "-c " : " -c ").Append(name).Append('=').Append(value);
            return options.ToString();
        }
    }

    /// <summary>Learns from a refused open. Whether the next attempt will be another one.</summary>
    public bool TryLearn(PostgresException refusal)
    {
        if (IsPooler)
            return false;
        switch (refusal.SqlState)
        {
            case SqlStates.UndefinedObject or SqlStates.InvalidParameterValue:
                int index = _guards.FindIndex(guard => refusal.MessageText.Contains('"' + guard.Name + '"', StringComparison.Ordinal));
                if (index < 0)
                    return false;
                _log.Write(LogLevel.Warn, $"The server does not know the guard {_guards[index].Name} ({refusal.MessageText}); sessions start without it.");
                _guards.RemoveAt(index);
                return true;
            case SqlStates.ProtocolViolation when _learns && refusal.MessageText.Contains("startup parameter", StringComparison.Ordinal):
                LearnPooler(ServerProfile.PgBouncer);
                return true;
            case SqlStates.FeatureNotSupported when _learns:
                LearnPooler(ServerProfile.RdsProxy);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Learns that the backend that answers is not the one that the session was opened on: a pooler that takes options and ignores them.</summary>
    public void LearnFrom(in ServerLoad load, int sessionPid)
    {
        if (_learns && !IsPooler && load.BackendPid != sessionPid)
            LearnPooler(ServerProfile.PgBouncer);
    }

    private void LearnPooler(ServerProfile profile)
    {
        Profile = profile;
        string names = string.Join(", ", _guards.Select(guard => guard.Name));
        string where = profile == ServerProfile.RdsProxy
            ? "the idle client timeout of the proxy"
            : "client_idle_timeout, query_timeout and idle_transaction_timeout of PgBouncer";
        _log.Write(
            LogLevel.Warn,
            $"A pooler answers ({profile}): the guards {names} cannot be set as a session starts. Set them with ALTER ROLE … SET, and {where}. " +
            "Say NATIVELAMBDA_SERVER to learn it without a refused attempt.");
    }

    private void Add(string name, TimeSpan value)
    {
        if (value > TimeSpan.Zero)
            _guards.Add((name, ((long)value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
    }
}
