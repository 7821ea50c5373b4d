using NativeLambda.Database.Credentials;
using Npgsql;

namespace NativeLambda.Database;

/// <summary>Opens physical connections with Npgsql: one data source without a pool, until the server makes it learn better.</summary>
internal sealed class NpgsqlSessionFactory : ISessionFactory, IAsyncDisposable
{
    private readonly DatabaseSettings _settings;
    private readonly StartupGuards _guards;
    private readonly Action<NpgsqlSlimDataSourceBuilder>? _configure;
    private readonly ICredentialSource? _credentials;
    private NpgsqlDataSource? _source;
    private string _user;
    private bool _refresh;

    /// <param name="settings">All settings.</param>
    /// <param name="guards">What the server is asked to do by itself.</param>
    /// <param name="configure">What Npgsql's data source shall have besides.</param>
    /// <param name="credentials">Where the password comes from; by default where the settings say.</param>
    public NpgsqlSessionFactory(
        DatabaseSettings settings, StartupGuards guards, Action<NpgsqlSlimDataSourceBuilder>? configure, ICredentialSource? credentials = null)
    {
        _settings = settings;
        _guards = guards;
        _configure = configure;
        _user = settings.Connection.User;
        _credentials = credentials ?? CredentialSources.Create(
            settings.Connection, new VariableReader(Environment.GetEnvironmentVariable), TimeProvider.System);
        if (settings.Connection.RootCertificateFile is { } root)
            TrustStore.RestrictTo(root);
    }

    public async Task<ISession> OpenAsync(CancellationToken cancellationToken)
    {
        if (_credentials is not null)
        {
            bool refresh = _refresh;
            _refresh = false;
            string user = await _credentials.PrepareAsync(refresh, cancellationToken) ?? _settings.Connection.User;
            if (user != _user)
                Forget();
            _user = user;
        }

        return new NpgsqlSession(await (_source ??= Build()).OpenConnectionAsync(cancellationToken));
    }

    public bool TryRefreshCredentials() => _refresh = _credentials is { CanRefresh: true };

    public bool TryAdapt(Exception refusal)
    {
        for (Exception? inner = refusal; inner is not null; inner = inner.InnerException)
        {
            // With several hosts the driver puts what they said into one exception.
            if (inner is AggregateException hosts)
                return hosts.InnerExceptions.Any(TryAdapt);
            if (inner is PostgresException refused)
                return Learn(refused);
        }

        return false;
    }

    private bool Learn(PostgresException refused)
    {
        if (!_guards.TryLearn(refused))
            return false;
        Forget();
        return true;
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private NpgsqlDataSource Build()
    {
        ConnectionSettings connection = _settings.Connection with { User = _user };
        var builder = new NpgsqlSlimDataSourceBuilder(ConnectionStringFactory.Create(connection, _settings.Lifetime, _guards).ConnectionString);

        // The slim builder leaves TLS out unless it is asked for. Without it in the connection, nothing of it is linked or run.
        builder.EnableTransportSecurity();
        if (_credentials is { } source)
        {
            // Runs at each physical open, when the server asks for a password. Npgsql's own search, in variables and files, does not.
            builder.UsePasswordProvider(
                target => source.GetPassword(target.Host!, target.Port),
                (target, _) => ValueTask.FromResult(source.GetPassword(target.Host!, target.Port)));
        }

        // Told nothing, Npgsql would open whatever PGSSLROOTCERT says, though it says "system", or though DATABASE_URL rules.
        if (_settings.Connection is { TlsMode: TlsMode.VerifyCa or TlsMode.VerifyFull, RootCertificateFile: null })
            builder.UseRootCertificatesCallback(TrustStore.ReadSystem);
        _configure?.Invoke(builder);
        return connection.ChoosesHost ? builder.BuildMultiHost() : builder.Build();
    }

    private void Forget()
    {
        _source?.Dispose();
        _source = null;
    }
}
