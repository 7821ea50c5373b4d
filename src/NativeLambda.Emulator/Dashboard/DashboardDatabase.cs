using NativeLambda.Emulator.Faults;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Emulator;

/// <summary>The database that a dashboard watches, and what it may do to it.</summary>
public sealed record DashboardDatabase
{
    /// <summary>A server of this program: watched, and restarted at the press of a button.</summary>
    public PostgresServer? Server { get; init; }

    /// <summary>
    /// Npgsql connection string for watching another server. To see the sessions of other roles it takes membership in
    /// <c>pg_read_all_stats</c>; to terminate them, in <c>pg_signal_backend</c>. Default: the superuser's of <see cref="Server"/>.
    /// </summary>
    public string? ControlConnectionString { get; init; }

    /// <summary>The proxy between functions and server, whose flows can be dropped. Default: none.</summary>
    public FaultProxy? Network { get; init; }
}
