using System.Globalization;

namespace NativeLambda.Database;

/// <summary>
/// The statement that asks how full the server is and, in the same flight, has the session closed sooner when it is: the server
/// decides on what it sees at that moment, without a race.
/// </summary>
/// <remarks>
/// <c>pg_stat_activity</c> shows every session to every role, if not what those of other roles do. Slots that are reserved count as not there
/// (<c>reserved_connections</c>: PostgreSQL 16). Values are numbers of the settings; nothing of a user's is in the text.
/// </remarks>
internal static class LoadStatement
{
    /// <summary>The name of the first column of its answer, which tells it from the answers of other statements in the batch.</summary>
    public const string Answer = "nativelambda_used";

    /// <summary>How many slots are taken.</summary>
    /// <remarks>
    /// A session whose kind is hidden belongs to another role. What has both a role and a database is a client, or a worker of a parallel
    /// query, which is soon gone. Source:
    /// <see href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW">PostgreSQL, 27.2</see>.
    /// </remarks>
    public const string Used =
        "(SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL AND datid IS NOT NULL))";

    public static string Create(ServerSettings server, PressureSettings pressure, bool serverClosesIdle)
    {
        string idle = serverClosesIdle
            ? $"set_config('idle_session_timeout', CASE WHEN used >= slots * {Number(pressure.ShortIdleAt)} THEN '{Ms(pressure.ShortIdle)}' ELSE '{Ms(server.IdleDisconnect)}' END, false)"
            : "''";

        // Idle in no transaction only, of the same role, database and function, and one at a time: each take-back under pressure
        // asks again.
        string evicted = pressure.Evict
            ? $"""
              CASE WHEN used >= slots * {Number(pressure.ReleaseAt)} THEN (
                SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM (
                  SELECT pid FROM pg_stat_activity
                  WHERE state = 'idle' AND usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()
                    AND split_part(application_name, '/', 1) = split_part(current_setting('application_name'), '/', 1)
                    AND state_change < clock_timestamp() - interval '{Ms(pressure.EvictIdleAfter)} ms'
                  ORDER BY state_change LIMIT 1) longest)::int ELSE 0 END
              """
            : "0";
        return $"""
                SELECT used AS {Answer}, slots, pg_backend_pid(), {evicted}, {idle}
                FROM (SELECT
                  {Used} AS used,
                  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                    - coalesce(current_setting('reserved_connections', true)::int, 0) AS slots) AS load
                """;
    }

    private static string Ms(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
