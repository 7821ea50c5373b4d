using System.Net.Security;
using NativeLambda.Database.Credentials;
using NativeLambda.Settings;
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
    private string? _options;
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

        if (_source is not null && _options != _guards.Options)
            Forget();
        NpgsqlConnection connection = (_source ??= Build()).CreateConnection();
        try
        {
            if (VerifiesServer)
                VerifyOnce(connection, _source);
            if (AsksForTls)
                OpenSslStart.InNextWait();
            await connection.OpenAsync(cancellationToken);
            return new NpgsqlSession(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
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
        // Another lane may have learnt it while this attempt was under way: the next one differs all the same.
        if (!_guards.TryLearn(refused) && (_source is null || _options == _guards.Options))
            return false;
        Forget();
        return true;
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether the first thing is to ask for TLS, and to wait for the answer.</summary>
    private bool AsksForTls =>
        _settings.Connection is { DirectTls: false, TlsMode: TlsMode.Require or TlsMode.VerifyCa or TlsMode.VerifyFull };

    private bool VerifiesServer => _settings.Connection.TlsMode is TlsMode.VerifyCa or TlsMode.VerifyFull;

    /// <summary>For the connection, not the source: what the caller's configuration says of TLS must hold as well, and last.</summary>
    private static void VerifyOnce(NpgsqlConnection connection, NpgsqlDataSource source)
    {
        Action<SslClientAuthenticationOptions>? configured = NpgsqlInternals.TlsOptions(source);
        connection.SslClientAuthenticationOptionsCallback = options =>
        {
            TrustStore.VerifyOnce(options);
            configured?.Invoke(options);
        };
    }

    private NpgsqlDataSource Build()
    {
        _options = _guards.Options;
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
        if (VerifiesServer)
        {
            builder.UseRootCertificatesCallback(
                connection.RootCertificateFile is { } file ? () => TrustStore.ReadFile(file) : TrustStore.ReadSystem);
        }

#pragma warning disable NPG9001 // Internal by name: see CommonTypes.
        builder.AddTypeInfoResolverFactory(new CommonTypes());
#pragma warning restore NPG9001
        _configure?.Invoke(builder);
        return connection.ChoosesHost ? builder.BuildMultiHost() : builder.Build();
    }

    private void Forget()
    {
        _source?.Dispose();
        _source = null;
    }
}
