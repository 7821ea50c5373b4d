using System.Globalization;
using Npgsql;

namespace NativeLambda.Peers;

/// <summary>The habits by name, on libpq's variables.</summary>
internal static class ConnectionHabits
{
    /// <summary>Until the deadline of ten seconds is near.</summary>
    private const int Retries = 12;

    public static async Task<IConnectionHabit> StartAsync(string? name)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionString());
        builder.EnableTransportSecurity();
        NpgsqlDataSource source = builder.Build();
        return name switch
        {
            "static" => new StaticVariable(await source.OpenConnectionAsync()),
            "static-and-again" => new RunAgain(source, await source.OpenConnectionAsync()),
            "per-invocation" => new ConnectPerInvocation(source, attempts: 1),
            "per-invocation-with-retries" => new ConnectPerInvocation(source, Retries),
            _ => throw new ArgumentException($"PEER_CONNECTION={name}: it is static, static-and-again, per-invocation or per-invocation-with-retries"),
        };
    }

    /// <summary>Tuned for cold start like the function's own: who writes such a thing knows these.</summary>
    private static string ConnectionString() => new NpgsqlConnectionStringBuilder
    {
        Host = Variable("PGHOST"),
        Port = int.Parse(Variable("PGPORT"), CultureInfo.InvariantCulture),
        Database = Variable("PGDATABASE"),
        Username = Variable("PGUSER"),
        Password = Variable("PGPASSWORD"),
        SslMode = SslMode.VerifyFull,
        RootCertificate = Variable("PGSSLROOTCERT"),
        ApplicationName = "storm-peer",
        Pooling = false,
#pragma warning disable CS0618 // The builder's own switch replaces it; the connection string's still works.
        ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading,
#pragma warning restore CS0618
        GssEncryptionMode = GssEncryptionMode.Disable,
        Timeout = 5,
    }.ConnectionString;

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new ArgumentException($"{name} is not set");
}
