using Npgsql;

namespace NativeLambda.Database;

/// <summary>The one place where the connection string is made: every keyword, and why.</summary>
internal static class ConnectionStringFactory
{
    public static NpgsqlConnectionStringBuilder Create(ConnectionSettings connection, LifetimeSettings lifetime, StartupGuards guards)
    {
        var keywords = new NpgsqlConnectionStringBuilder
        {
            Host = connection.OtherHosts.Count == 0 ? connection.Host : string.Join(',', [new DatabaseHost(connection.Host, connection.Port), .. connection.OtherHosts]),
            Port = connection.Port,
            Database = connection.Database,
            Username = connection.User,
            Password = connection.Password,
            ApplicationName = connection.ApplicationName,

            SslMode = connection.TlsMode switch
            {
                TlsMode.Disable => SslMode.Disable,
                TlsMode.Allow => SslMode.Allow,
                TlsMode.Prefer => SslMode.Prefer,
                TlsMode.Require => SslMode.Require,
                TlsMode.VerifyCa => SslMode.VerifyCA,
                _ => SslMode.VerifyFull,
            },

            SslNegotiation = connection.DirectTls ? SslNegotiation.Direct : SslNegotiation.Postgres,

            // What the server does while the environment is frozen; set as the session starts, it survives RESET ALL.
            Options = guards.Options,

            // Only where it is used: Npgsql refuses a root certificate together with modes that do not verify.
            RootCertificate = connection.TlsMode is TlsMode.VerifyCa or TlsMode.VerifyFull ? connection.RootCertificateFile : null,

            // One environment has one connection, whose lifetime is ours. A pool's timers do not run while frozen.
            Pooling = false,

            // No query of pg_type at open: a round trip and several milliseconds. docs/types.md says how to turn it on.
#pragma warning disable CS0618 // The builder's own switch replaces it; see the remark above.
            ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading,
#pragma warning restore CS0618

            // The default asks the server for GSS encryption first: a round trip, and a second connection where that fails.
            GssEncryptionMode = GssEncryptionMode.Disable,

            // Zero would mean none at all.
            Timeout = ConnectSeconds(connection, lifetime),

            // The invocation's deadline rules, through the handler's token.
            CommandTimeout = 0,

            // After a cancel request the server has this long to confirm before the connection is given up: the answer must still
            // be posted within the other half of the margin.
            // RDS Proxy ignores cancel requests: there the connection is given up at once.
            CancellationTimeout = guards.Profile == ServerProfile.RdsProxy ? -1 : Math.Max(50, (int)(lifetime.DeadlineMargin.TotalMilliseconds / 2)),

            // A timer that does not run while frozen and would ping between the handler's statements.
            KeepAlive = 0,

            // No ambient transactions in a function; looking for one costs at each open.
            Enlist = false,

            // The password must not be readable from the connection that handlers get, nor row values from an error.
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
        };
        if (connection.ChoosesHost)
        {
            keywords.TargetSessionAttributes = connection.TargetSession switch
            {
                TargetSession.ReadWrite => "read-write",
                TargetSession.ReadOnly => "read-only",
                TargetSession.Primary => "primary",
                TargetSession.Standby => "standby",
                TargetSession.PreferStandby => "prefer-standby",
                _ => "any",
            };

            // What a server was before the freeze says nothing about what it is now.
            keywords.HostRecheckSeconds = 0;
        }

        return keywords;
    }

    /// <summary>
    /// Whole seconds only, so the exact limit is a token; for one host this is its safety net, for several what one may take.
    /// </summary>
    private static int ConnectSeconds(ConnectionSettings connection, LifetimeSettings lifetime) =>
        Math.Clamp((int)Math.Ceiling(lifetime.ConnectTimeout.TotalSeconds) + (connection.OtherHosts.Count == 0 ? 1 : 0), 1, 1024);
}
