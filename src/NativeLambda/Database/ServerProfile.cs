namespace NativeLambda.Database;

/// <summary>What answers at the address of the database: a server, or a pooler before it.</summary>
public enum ServerProfile
{
    /// <summary>Taken for a server until something shows that it is a pooler; costs nothing on a server.</summary>
    Auto,

    /// <summary>A PostgreSQL server.</summary>
    Direct,

    /// <summary>PgBouncer, in session or transaction pooling.</summary>
    PgBouncer,

    /// <summary>Amazon RDS Proxy.</summary>
    RdsProxy,
}
