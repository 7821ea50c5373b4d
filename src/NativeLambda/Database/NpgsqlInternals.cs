using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

#pragma warning disable NPG9001 // Internal by name: guarded by a test, see the remarks.

namespace NativeLambda.Database;

/// <summary>
/// The members of Npgsql that it does not expose and the lifetime contract needs: the socket, what a handler left open, and what was asked of TLS.
/// </summary>
/// <remarks>
/// Chosen over finding the descriptor by its peer address, which costs a system call for each open descriptor and cannot tell
/// two connections to one server apart. A test fails when an upgrade of Npgsql moves a member; should a moved member ever run,
/// <see cref="MissingMemberException"/> makes the session untrusted, never wrongly trusted.
/// </remarks>
internal static class NpgsqlInternals
{
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    internal static extern NpgsqlConnector? Connector(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    internal static extern ref Socket? Socket(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InTransaction")]
    internal static extern bool InTransaction(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "CurrentReader")]
    internal static extern ref NpgsqlDataReader? CurrentReader(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Transaction")]
    internal static extern NpgsqlTransaction? Transaction(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "UnbindIfNecessary")]
    internal static extern void UnbindIfNecessary(NpgsqlTransaction transaction);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Notice")]
    internal static extern ref NoticeEventHandler? Notice(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Notification")]
    internal static extern ref NotificationEventHandler? Notification(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SslClientAuthenticationOptionsCallback")]
    internal static extern Action<SslClientAuthenticationOptions>? TlsOptions(NpgsqlDataSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "PerformPostgresCancellation")]
    internal static extern bool Cancel(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "PrependInternalMessage")]
    internal static extern void Prepend(NpgsqlConnector connector, byte[] rawMessage, int responseMessageCount);
}
