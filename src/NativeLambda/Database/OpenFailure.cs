using System.Net.Sockets;
using System.Security.Authentication;
using NativeLambda.Database.Credentials;
using Npgsql;

namespace NativeLambda.Database;

/// <summary>Why an attempt to open failed, and whether another attempt may succeed.</summary>
/// <param name="IsTransient">Whether the reason can pass by itself.</param>
/// <param name="Reason">SQLSTATE or kind of error, what the server or the system said, and what to do.</param>
/// <param name="IsRefusedCredential">Whether the server refused who asked: another password may help.</param>
/// <param name="EndsOpen">Whether this open is given up although the reason can pass: what had to be waited for was waited for.</param>
/// <param name="IsServerFull">Whether the server had no slot: who asks again soon costs it a process and a handshake, and those that are in their time.</param>
internal readonly record struct OpenFailure(
    bool IsTransient, string Reason, bool IsRefusedCredential = false, bool EndsOpen = false, bool IsServerFull = false)
{
    /// <summary>How Npgsql begins when every host answered and none was wanted; a test fails when an upgrade says it otherwise.</summary>
    private const string NoSuitableHost = "No suitable host";

    /// <summary>The time of the attempt ran out.</summary>
    public static OpenFailure NoAnswer => new(true, "no answer within the time; check that the name of the host can be resolved, that the server runs and that security groups let it be reached");

    /// <summary>Classifies what an open threw; timeouts of ours arrive as <see cref="OperationCanceledException"/>.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="directTls">Whether TLS was begun without asking the server.</param>
    public static OpenFailure Classify(Exception exception, bool directTls = false)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AggregateException hosts:
                    return Combine(hosts, directTls);
                case PostgresException refused:
                    return new(
                        SqlStates.IsTransientAtOpen(refused.SqlState),
                        $"{refused.SqlState} {refused.MessageText}; {SqlStates.Advice(refused.SqlState)}",
                        IsRefusedCredential: refused.SqlState is SqlStates.InvalidPassword or SqlStates.InvalidAuthorization,
                        IsServerFull: refused.SqlState == SqlStates.TooManyConnections);
                case NpgsqlException { InnerException: null } none when none.Message.StartsWith(NoSuitableHost, StringComparison.Ordinal):
                    return new(true, "no host is the kind of server that is wanted; a failover may be under way. Check PGTARGETSESSIONATTRS");
                case CredentialException missing:
                    return new(missing.IsTransient, missing.Message, EndsOpen: missing.EndsOpen);
                case AuthenticationException tls:
                    return new(false, $"TLS: {tls.Message} Check PGSSLROOTCERT (the CA of the server), PGHOST (the name in its certificate), and that the certificate has not expired");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } dns:
                    return new(true, $"the host name cannot be resolved ({dns.Message}); check PGHOST and the DNS of the VPC");
                case SocketException socket:
                    return new(true, $"{socket.SocketErrorCode} ({socket.Message}); check that the server runs and that security groups let it be reached");
                case TimeoutException or OperationCanceledException:
                    return NoAnswer;
                case FileNotFoundException or DirectoryNotFoundException:
                    return new(false, $"{e.Message} Check PGSSLROOTCERT, PGSSLCERT and PGSSLKEY");
                case IOException io when directTls:
                    return new(true, $"the server closed the connection instead of beginning TLS ({io.Message}); PGSSLNEGOTIATION=direct needs PostgreSQL 17 or later: set it to postgres for an older server or a pooler");
                case IOException io:
                    return new(true, $"the connection broke while opening ({io.Message})");
            }
        }

        // Npgsql's own words may say no more than that something failed; what, is at the bottom.
        Exception cause = exception.GetBaseException();
        return new(false, cause == exception
            ? $"{exception.GetType().Name}: {exception.Message}"
            : $"{exception.GetType().Name}: {exception.Message} ({cause.GetType().Name}: {cause.Message})");
    }

    /// <summary>
    /// What several hosts said: one that may answer later, or may take another password, is enough to go on.
    /// </summary>
    private static OpenFailure Combine(AggregateException hosts, bool directTls)
    {
        var all = new OpenFailure(false, "");
        foreach (Exception host in hosts.InnerExceptions)
        {
            OpenFailure one = Classify(host, directTls);
            string reason = all.Reason.Length == 0 ? one.Reason : all.Reason == one.Reason ? all.Reason : $"{all.Reason}; another host: {one.Reason}";
            all = new(
                all.IsTransient || one.IsTransient,
                reason,
                all.IsRefusedCredential || one.IsRefusedCredential,
                all.EndsOpen || one.EndsOpen,
                all.IsServerFull || one.IsServerFull);
        }

        return all;
    }
}
