using System.Net;
using NativeLambda.Database.Credentials;
using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>
/// Reads <see cref="ConnectionSettings"/> in libpq's order: <c>DATABASE_URL</c>, then the service of <c>PGSERVICE</c>, then the other
/// <c>PG*</c> variables.
/// </summary>
internal static class ConnectionSettingsReader
{
    private const string AuthenticationVariable = "NATIVELAMBDA_AUTH";
    private const string SecretIdVariable = "NATIVELAMBDA_SECRET_ID";
    private const string ExtensionPortVariable = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT";

    /// <summary>A value and the name of where it was found.</summary>
    private readonly record struct Found(string? Value, string Where);

    /// <exception cref="SettingsException">A variable is missing or holds a value that is not allowed.</exception>
    public static ConnectionSettings Read(VariableReader variables)
    {
        DatabaseUrl? url = variables.Text(DatabaseUrl.Variable) is { } text ? DatabaseUrl.Parse(text) : null;
        Dictionary<string, string> service = ServiceFile.Find(url?.Service, variables);
        Found Find(string? fromUrl, string keyword, string variable) =>
            fromUrl is not null ? new(fromUrl, $"{DatabaseUrl.Variable} ({keyword})")
            : service.TryGetValue(keyword, out string? value) ? new(value, $"The service file ({keyword})")
            : new(variables.Text(variable), variable);

        AuthenticationMode authentication = ReadAuthentication(variables);
        Found host = Find(url?.Host, "host", "PGHOST");
        Found port = Find(url?.Port, "port", "PGPORT");
        List<DatabaseHost> hosts = HostList.Read(host.Value ?? throw Missing("PGHOST", "the host of the database"), host.Where, port.Value, port.Where);
        string user = Find(url?.User, "user", "PGUSER").Value
            ?? (authentication == AuthenticationMode.Secret ? "" : throw Missing("PGUSER", "the role to log in as"));
        Found database = Find(url?.Database, "dbname", "PGDATABASE");
        if (database.Value is null && user.Length == 0)
            throw Missing("PGDATABASE", "the name of the database");
        Found password = Find(url?.Password, "password", "PGPASSWORD");
        if (authentication != AuthenticationMode.Password && password.Value is not null)
            throw new SettingsException(AuthenticationVariable, $"{AuthenticationVariable} says that the password comes from elsewhere ({authentication}), but {password.Where} holds one: remove one of them.");

        Found root = Find(url?.SslRootCert, "sslrootcert", "PGSSLROOTCERT");
        Found sslMode = Find(url?.SslMode, "sslmode", "PGSSLMODE");
        TlsMode mode = ReadTlsMode(sslMode, hosts);
        if (authentication == AuthenticationMode.Iam && mode is TlsMode.Disable or TlsMode.Allow or TlsMode.Prefer)
            throw new SettingsException("PGSSLMODE", $"IAM authentication sends its token only through TLS, and the mode here is {mode}: set PGSSLMODE=verify-full.");
        string? rootFile = ReadRoot(root, mode);

        return new ConnectionSettings
        {
            Host = hosts[0].Name,
            Port = hosts[0].Port,
            OtherHosts = hosts[1..],
            TargetSession = ReadTargetSession(Find(url?.TargetSessionAttrs, "target_session_attrs", "PGTARGETSESSIONATTRS"), hosts.Count),
            DirectTls = ReadNegotiation(Find(url?.SslNegotiation, "sslnegotiation", "PGSSLNEGOTIATION"), mode),
            User = user,
            Database = database.Value ?? user,
            Password = password.Value,
            Authentication = authentication,
            PasswordFile = Find(url?.PassFile, "passfile", "PGPASSFILE").Value ?? (variables.Text("HOME") is { } home ? home + "/.pgpass" : null),
            Region = authentication == AuthenticationMode.Iam
                ? variables.Text("AWS_REGION") ?? throw new SettingsException("AWS_REGION", "AWS_REGION is not set: an IAM token is made for one Region. Lambda sets it to the function's own.")
                : null,
            SecretId = authentication == AuthenticationMode.Secret
                ? variables.Text(SecretIdVariable) ?? throw new SettingsException(SecretIdVariable, $"{SecretIdVariable} is not set: set it to the name or the ARN of the secret.")
                : null,
            SecretsExtensionPort = variables.Text(ExtensionPortVariable) is { } extension ? VariableReader.Port(ExtensionPortVariable, extension) : 2773,
            TlsMode = mode == TlsMode.Require && rootFile is not null ? TlsMode.VerifyCa : mode,
            RootCertificateFile = rootFile,
            ApplicationName = Find(url?.ApplicationName, "application_name", "PGAPPNAME").Value ?? EnvironmentName.Create(variables),
        };
    }

    private static AuthenticationMode ReadAuthentication(VariableReader variables) => variables.Text(AuthenticationVariable) switch
    {
        null => variables.Text(SecretIdVariable) is null ? AuthenticationMode.Password : AuthenticationMode.Secret,
        "password" => AuthenticationMode.Password,
        "iam" => AuthenticationMode.Iam,
        "secret" => AuthenticationMode.Secret,
        var text => throw VariableReader.Refuse(AuthenticationVariable, text, "use password, iam or secret"),
    };

    private static string? ReadRoot(Found root, TlsMode mode)
    {
        // libpq 16: "system" is no file but the trust store of the system, and stands for full verification.
        bool systemTrust = root.Value == "system";
        if (systemTrust && mode != TlsMode.VerifyFull)
            throw new SettingsException("PGSSLROOTCERT", "PGSSLROOTCERT is 'system', which needs PGSSLMODE=verify-full.");
        if (systemTrust || mode is TlsMode.Disable || root.Value is null)
            return null;
        return WhyNoRoot(root.Value) is { } why
            ? throw VariableReader.Refuse(root.Where, root.Value, $"{why}; name a PEM file with the CA certificates to trust")
            : root.Value;
    }

    /// <summary>Looked at here, for in the handshake it would look like a connection that broke.</summary>
    private static string? WhyNoRoot(string file)
    {
        if (!File.Exists(file))
            return "there is no such file";
        try
        {
            return File.ReadAllBytes(file).AsSpan().IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0 ? null : "it holds no certificate in PEM";
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return $"it cannot be read ({refused.Message})";
        }
    }

    private static TlsMode ReadTlsMode(Found mode, List<DatabaseHost> hosts) => mode.Value switch
    {
        null => hosts.TrueForAll(host => IsLocal(host.Name)) ? TlsMode.Prefer : TlsMode.VerifyFull,
        "disable" => TlsMode.Disable,
        "allow" => TlsMode.Allow,
        "prefer" => TlsMode.Prefer,
        "require" => TlsMode.Require,
        "verify-ca" => TlsMode.VerifyCa,
        "verify-full" => TlsMode.VerifyFull,
        var text => throw VariableReader.Refuse(mode.Where, text, "use disable, allow, prefer, require, verify-ca or verify-full"),
    };

    private static TargetSession ReadTargetSession(Found target, int hosts) => target.Value switch
    {
        // Otherwise than in libpq: who names several servers of a cluster, and does not say more, wants the one that takes writes.
        null => hosts > 1 ? TargetSession.ReadWrite : TargetSession.Any,
        "any" => TargetSession.Any,
        "read-write" => TargetSession.ReadWrite,
        "read-only" => TargetSession.ReadOnly,
        "primary" => TargetSession.Primary,
        "standby" => TargetSession.Standby,
        "prefer-standby" => TargetSession.PreferStandby,
        var text => throw VariableReader.Refuse(target.Where, text, "use any, read-write, read-only, primary, standby or prefer-standby"),
    };

    private static bool ReadNegotiation(Found negotiation, TlsMode mode) => negotiation.Value switch
    {
        null or "postgres" => false,

        // As libpq: a server that does not speak TLS would take its first byte for the length of a message.
        "direct" when mode is TlsMode.Disable or TlsMode.Allow or TlsMode.Prefer =>
            throw VariableReader.Refuse(negotiation.Where, "direct", "it needs PGSSLMODE=require, verify-ca or verify-full"),
        "direct" => true,
        var text => throw VariableReader.Refuse(negotiation.Where, text, "use postgres or direct"),
    };

    /// <summary>A Unix socket or a loopback address: nobody can listen between.</summary>
    private static bool IsLocal(string host) =>
        host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static SettingsException Missing(string variable, string what) =>
        new(variable, $"{variable} is not set: set it to {what}, or set {DatabaseUrl.Variable} to postgresql://user:password@host:port/database.");
}
