namespace NativeLambda.Emulator.Postgres;

/// <summary>How a server is asked to stop, as in <c>pg_ctl stop -m</c>.</summary>
public enum PostgresShutdownMode
{
    /// <summary>New sessions are refused; the server stops when the last one has left by itself.</summary>
    Smart,

    /// <summary>Sessions are terminated (57P01) and their transactions rolled back; data files are left clean.</summary>
    Fast,

    /// <summary>Every process quits at once, as in a crash (57P02): the next start recovers from the log.</summary>
    Immediate,
}
