namespace NativeLambda.Database;

/// <summary>What kind of server a session is wanted on: libpq's <c>target_session_attrs</c>.</summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS">PostgreSQL, target_session_attrs</see>.</remarks>
public enum TargetSession
{
    /// <summary>Any that accepts connections.</summary>
    Any,

    /// <summary>One that takes writes.</summary>
    ReadWrite,

    /// <summary>One that does not.</summary>
    ReadOnly,

    /// <summary>The primary.</summary>
    Primary,

    /// <summary>A standby.</summary>
    Standby,

    /// <summary>A standby if there is one, otherwise any.</summary>
    PreferStandby,
}
