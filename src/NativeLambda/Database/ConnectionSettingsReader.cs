using System.Net;

namespace NativeLambda.Database;

/// <summary>Reads <see cref="ConnectionSettings"/>: what <c>DATABASE_URL</c> leaves out comes from the <c>PG*</c> variables, as in libpq.</summary>
internal static class ConnectionSettingsReader
{
    /// <exception cref="SettingsException">A variable is missing or holds a value that is not allowed.</exception>
    public static ConnectionSettings Read(VariableReader variables)
    {
        DatabaseUrl? url = variables.Text(DatabaseUrl.Variable) is { } text ? DatabaseUrl.Parse(text) : null;

        string host = url?.Host ?? variables.Text("PGHOST") ?? throw Missing("PGHOST", "the host of the database");
        string user = url?.User ?? variables.Text("PGUSER") ?? throw Missing("PGUSER", "the role to log in as");
        string? root = url?.SslRootCert ?? variables.Text("PGSSLROOTCERT");
        TlsMode mode = ReadTlsMode(url, variables, host);

        // libpq 16: "system" is no file but the trust store of the system, and stands for full verification.
        bool systemTrust = root == "system";
        if (systemTrust && mode != TlsMode.VerifyFull)
            throw new SettingsException("PGSSLROOTCERT", "PGSSLROOTCERT is 'system', which needs PGSSLMODE=verify-full.");
        if (systemTrust || mode is TlsMode.Disable)
            root = null;
        if (root is not null && !File.Exists(root))
            throw VariableReader.Refuse("PGSSLROOTCERT", root, "there is no such file; name a PEM file with the CA certificates to trust");

        string? port = url?.Port ?? variables.Text("PGPORT");
        return new ConnectionSettings
        {
            Host = host,
            Port = port is null ? 5432 : VariableReader.Port(url?.Port is null ? "PGPORT" : DatabaseUrl.Variable + " (port)", port),
            User = user,
            Database = url?.Database ?? variables.Text("PGDATABASE") ?? user,
            Password = url?.Password ?? variables.Text("PGPASSWORD"),
            TlsMode = mode == TlsMode.Require && root is not null ? TlsMode.VerifyCa : mode,
            RootCertificateFile = root,
            ApplicationName = url?.ApplicationName ?? variables.Text("PGAPPNAME") ?? variables.Text("AWS_LAMBDA_FUNCTION_NAME") ?? "nativelambda",
        };
    }

    private static TlsMode ReadTlsMode(DatabaseUrl? url, VariableReader variables, string host) =>
        (url?.SslMode ?? variables.Text("PGSSLMODE")) switch
        {
            null => IsLocal(host) ? TlsMode.Prefer : TlsMode.VerifyFull,
            "disable" => TlsMode.Disable,
            "allow" => TlsMode.Allow,
            "prefer" => TlsMode.Prefer,
            "require" => TlsMode.Require,
            "verify-ca" => TlsMode.VerifyCa,
            "verify-full" => TlsMode.VerifyFull,
            var text => throw VariableReader.Refuse(
                url?.SslMode is null ? "PGSSLMODE" : DatabaseUrl.Variable + " (sslmode)", text,
                "use disable, allow, prefer, require, verify-ca or verify-full"),
        };

    /// <summary>A Unix socket or a loopback address: nobody can listen between.</summary>
    private static bool IsLocal(string host) =>
        host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static SettingsException Missing(string variable, string what) =>
        new(variable, $"{variable} is not set: set it to {what}, or set {DatabaseUrl.Variable} to postgresql://user:password@host:port/database.");
}
