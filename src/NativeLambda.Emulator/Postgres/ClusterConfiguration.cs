using System.Globalization;
using System.Text;

namespace NativeLambda.Emulator.Postgres;

/// <summary>The text of postgresql.conf and pg_hba.conf for a throwaway cluster.</summary>
internal static class ClusterConfiguration
{
    private static readonly string[] Reserved =
    [
        "port", "listen_addresses", "unix_socket_directories", "data_directory", "hba_file", "ident_file", "external_pid_file",
        "ssl", "ssl_cert_file", "ssl_key_file", "password_encryption", "logging_collector", "log_destination",
    ];

    /// <summary>Refuses what this class sets itself, or what would not be one line of the file.</summary>
    /// <exception cref="ArgumentException">Names the setting.</exception>
    public static void Validate(PostgresServerOptions options)
    {
        if (options.Host is not ("127.0.0.1" or "localhost"))
            throw new ArgumentException($"Host is '{options.Host}'; the server listens on loopback only: use 127.0.0.1 or localhost.");
        if (options.Port is < 0 or > 65535)
            throw new ArgumentException($"Port is {options.Port}; it is 0 (any free one) to 65535.");
        foreach ((string name, string value) in options.Settings)
        {
            if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException($"The setting {name} cannot be given: the embedded server sets it itself.");
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') || value.AsSpan().ContainsAny('\r', '\n'))
                throw new ArgumentException($"'{name}' with value '{value}' is no setting for postgresql.conf.");
        }
    }

    public static string Settings(PostgresServerOptions options, ClusterDirectory directory, int port)
    {
        var text = new StringBuilder();
        void Set(string name, string value) =>
            text.Append(name).Append(" = '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append("'\n");

        Set("listen_addresses", "127.0.0.1");
        Set("port", port.ToString(CultureInfo.InvariantCulture));
        Set("unix_socket_directories", directory.Socket);
        Set("unix_socket_permissions", "0700");
        Set("password_encryption", "scram-sha-256");
        Set("ssl", options.Tls == PostgresTls.Off ? "off" : "on");
        Set("ssl_cert_file", Path.Combine(directory.Tls, "server.crt"));
        Set("ssl_key_file", Path.Combine(directory.Tls, "server.key"));
        Set("ssl_min_protocol_version", "TLSv1.2");
        Set("logging_collector", "off");
        Set("log_destination", "stderr");
        Set("log_line_prefix", "%m [%p] %q%u@%d/%a ");
        // A throwaway cluster: an acknowledged commit survives a crash of the server (hence synchronous_commit stays on), which needs
        // no fsync, but not one of the machine.
        Set("fsync", "off");
        Set("full_page_writes", "off");
        Set("shared_buffers", "32MB");
        Set("timezone", "UTC");
        foreach ((string name, string value) in options.Settings)
            Set(name, value);
        return text.ToString();
    }

    /// <summary>Passwords by SCRAM everywhere; nobody is trusted, not even on the Unix socket, where standbys come from.
    /// Isolated environments come from link-local addresses: over an interface of this machine, for it listens on loopback only.</summary>
    public static string HostBasedAuthentication(PostgresTls tls, string adminUser)
    {
        string type = tls == PostgresTls.Required ? "hostssl" : "host";
        return $"""
            local {"",-4} all all              scram-sha-256
            local {"",-4} replication "{adminUser}" scram-sha-256
            {type} all all 127.0.0.1/32 scram-sha-256
            {type} all all ::1/128      scram-sha-256
            {type} all all 169.254.0.0/16 scram-sha-256

            """;
    }
}
