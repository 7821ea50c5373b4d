using Npgsql;

namespace NativeLambda.Database;

/// <summary>Opens physical connections with Npgsql: one data source without a pool, until the server makes it learn better.</summary>
internal sealed class NpgsqlSessionFactory : ISessionFactory, IAsyncDisposable
{
    private readonly DatabaseSettings _settings;
    private readonly StartupGuards _guards;
    private readonly Action<NpgsqlSlimDataSourceBuilder>? _configure;
    private NpgsqlDataSource? _source;

    public NpgsqlSessionFactory(DatabaseSettings settings, StartupGuards guards, Action<NpgsqlSlimDataSourceBuilder>? configure)
    {
        _settings = settings;
        _guards = guards;
        _configure = configure;
        if (settings.Connection.RootCertificateFile is { } root)
            TrustStore.RestrictTo(root);
    }

    public async Task<ISession> OpenAsync(CancellationToken cancellationToken) =>
        new NpgsqlSession(await (_source ??= Build()).OpenConnectionAsync(cancellationToken));

    public bool TryRefreshCredentials() => false;

    public bool TryAdapt(Exception refusal)
    {
        if (refusal is not PostgresException refused || !_guards.TryLearn(refused))
            return false;
        _source?.Dispose();
        _source = null;
        return true;
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private NpgsqlDataSource Build()
    {
        var builder = new NpgsqlSlimDataSourceBuilder(
            ConnectionStringFactory.Create(_settings.Connection, _settings.Lifetime, _guards).ConnectionString);

        // The slim builder leaves TLS out unless it is asked for. Without it in the connection, nothing of it is linked or run.
        builder.EnableTransportSecurity();
        _configure?.Invoke(builder);
        return builder.Build();
    }
}
