using System.Net;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>
/// A frozen function that knows its server by a name alone, which is also all that the certificate is good for. The name means a first
/// address until it is moved to a second one, where a proxy leads to the standby, or, where there is none, to the same server.
/// </summary>
internal sealed class NamedServer : IAsyncDisposable
{
    public const string HostName = "writer.cluster.test";
    private static readonly IPAddress FirstAddress = IPAddress.Loopback;
    private static readonly IPAddress SecondAddress = IPAddress.Parse("127.0.0.2");

    private readonly Parts _parts = new();

    private NamedServer()
    {
    }

    public NameServer Names { get; private set; } = null!;

    /// <summary>The server at the first address.</summary>
    public PostgresServer Server { get; private set; } = null!;

    /// <summary>What leads on from the second address.</summary>
    public FaultProxy Moved { get; private set; } = null!;

    public FrozenFunction Function { get; private set; } = null!;

    /// <summary>One server. Returns when Init is over, whether it could open or not.</summary>
    public static Task<NamedServer> StartAsync(
        BootstrapFixture bootstrap, NameAnswer answer = NameAnswer.Address, params (string Name, string Value)[] settings) =>
        BuildAsync(async named =>
        {
            named.Server = named._parts.Add(await PostgresFixture.StartServerAsync(named.Options()));
            await named.StartAsync(bootstrap, named.Server.Port, answer, settings);
        });

    /// <summary>A primary at the first address and its standby at the second.</summary>
    public static async Task<(NamedServer Named, ReplicatedPair Pair)> StartPairAsync(BootstrapFixture bootstrap)
    {
        ReplicatedPair pair = null!;
        NamedServer named = await BuildAsync(async named =>
        {
            pair = named._parts.Add(await ReplicatedPair.StartAsync(named.Options()));
            named.Server = pair.Primary;
            await named.StartAsync(bootstrap, pair.Standby.Port, NameAnswer.Address);
        });
        return (named, pair);
    }

    /// <summary>From now on the name means the second address.</summary>
    public void Move() => Names.Says = SecondAddress;

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static async Task<NamedServer> BuildAsync(Func<NamedServer, Task> build)
    {
        PrivateResolver.SkipUnlessRoot();
        var named = new NamedServer();
        try
        {
            await build(named);
            return named;
        }
        catch
        {
            await named.DisposeAsync();
            throw;
        }
    }

    private PostgresServerOptions Options()
    {
        CertificateAuthority authority = _parts.Add(new CertificateAuthority());
        return new PostgresServerOptions
        {
            CertificateAuthority = authority,
            ServerCertificate = authority.IssueServerCertificateFor(HostName),
        };
    }

    private async Task StartAsync(BootstrapFixture bootstrap, int movedPort, NameAnswer answer, params (string Name, string Value)[] settings)
    {
        Names = _parts.Add(new NameServer(FirstAddress) { Answer = answer });
        PrivateResolver resolver = _parts.Add(new PrivateResolver(await bootstrap.GetPathAsync(), Names));
        Moved = _parts.Add(new FaultProxy(movedPort, new IPEndPoint(SecondAddress, Server.Port)));
        var variables = new Dictionary<string, string>(Server.EnvironmentVariables) { ["PGHOST"] = HostName };
        Function = _parts.Add(await FrozenFunction.CreateAsync(resolver.Script, variables, timeout: null, settings));
        await Function.InitializeAsync();
    }
}
