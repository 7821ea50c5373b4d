namespace NativeLambda.Database;

/// <summary>The SQLSTATEs that the lifetime of a connection depends on.</summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</see>.</remarks>
internal static class SqlStates
{
    public const string ConnectionExceptionClass = "08";
    public const string ProtocolViolation = "08P01";
    public const string FeatureNotSupported = "0A000";
    public const string InvalidParameterValue = "22023";
    public const string ReadOnlyTransaction = "25006";
    public const string UndefinedObject = "42704";
    public const string InvalidAuthorization = "28000";
    public const string InvalidPassword = "28P01";
    public const string InvalidCatalogName = "3D000";
    public const string InsufficientPrivilege = "42501";
    public const string TooManyConnections = "53300";
    public const string QueryCanceled = "57014";
    public const string AdminShutdown = "57P01";
    public const string CrashShutdown = "57P02";
    public const string CannotConnectNow = "57P03";

    /// <summary>Whether the server refused an open for a reason that passes by itself.</summary>
    public static bool IsTransientAtOpen(string sqlState) =>
        sqlState is TooManyConnections or AdminShutdown or CrashShutdown or CannotConnectNow
        || sqlState.StartsWith(ConnectionExceptionClass, StringComparison.Ordinal);

    /// <summary>What to do about a refused open.</summary>
    public static string Advice(string sqlState) => sqlState switch
    {
        InvalidPassword => "check the role and where its password comes from (DATABASE_URL, PGSERVICE, PGPASSWORD, PGPASSFILE, or NATIVELAMBDA_AUTH)",
        InvalidAuthorization => "check the role, and that pg_hba.conf admits it from here with this kind of encryption",
        InvalidCatalogName => "check the database name (PGDATABASE or DATABASE_URL), or create the database",
        InsufficientPrivilege => "grant the role CONNECT on the database",
        TooManyConnections => "the server has no free connection slot: raise max_connections, or lower the function's reserved concurrency",
        CannotConnectNow => "the server is starting up, shutting down or in recovery",
        AdminShutdown or CrashShutdown => "the server is shutting down",
        _ => "see the server's log",
    };
}
