using Npgsql;

namespace NativeLambda.Database;

/// <summary>Opens physical connections with Npgsql: one data source without a pool, for the life of the process.</summary>
internal sealed class NpgsqlSessionFactory : ISessionFactory, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    public NpgsqlSessionFactory(DatabaseSettings settings, Action<NpgsqlSlimDataSourceBuilder>? configure)
    {
        if (settings.Connection.RootCertificateFile is { } root)
            TrustStore.RestrictTo(root);

        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionStringFactory.Create(settings.Connection, settings.Lifetime).ConnectionString);

        // The slim builder leaves TLS out unless it is asked for. Without it in the connection, nothing of it is linked or run.
        builder.EnableTransportSecurity();
        configure?.Invoke(builder);
        _source = builder.Build();
    }

    public async Task<ISession> OpenAsync(CancellationToken cancellationToken) =>
        new NpgsqlSession(await _source.OpenConnectionAsync(cancellationToken));

    public bool TryRefreshCredentials() => false;

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
