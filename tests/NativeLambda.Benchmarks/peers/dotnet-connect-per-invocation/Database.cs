using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace NativeLambda.Peers;

/// <summary>Connections by libpq's variables, each opened as fast as the function's own.</summary>
internal static partial class Database
{
    /// <summary>What opens them; it has no pool.</summary>
    public static NpgsqlDataSource CreateSource()
    {
        bool isTls = Variable("PGSSLMODE") != "disable";
        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionString(isTls));
        if (isTls)
        {
            // Or .NET reads all certificates of the system before the first handshake. From libc, since OpenSSL looks there.
            string root = Variable("PGSSLROOTCERT");
            _ = SetEnvironmentVariable("SSL_CERT_DIR", root + "/none", overwrite: 1);
            _ = SetEnvironmentVariable("SSL_CERT_FILE", root, overwrite: 1);
            builder.EnableTransportSecurity();
        }

        return builder.Build();
    }

    private static string ConnectionString(bool isTls) => new NpgsqlConnectionStringBuilder
    {
        Host = Variable("PGHOST"),
        Port = int.Parse(Variable("PGPORT"), CultureInfo.InvariantCulture),
        Database = Variable("PGDATABASE"),
        Username = Variable("PGUSER"),
        Password = Environment.GetEnvironmentVariable("PGPASSWORD"),
        SslMode = isTls ? SslMode.VerifyFull : SslMode.Disable,
        RootCertificate = isTls ? Variable("PGSSLROOTCERT") : null,
        Pooling = false,
#pragma warning disable CS0618 // The builder's own switch replaces it; the connection string's still works.
        ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading,
#pragma warning restore CS0618
        GssEncryptionMode = GssEncryptionMode.Disable,
        Enlist = false,
        CommandTimeout = 0,
        // Long enough for a throttled or an instrumented process; the deadline of the invocation rules.
        Timeout = 60,
    }.ConnectionString;

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new ArgumentException($"{name} is not set");

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
