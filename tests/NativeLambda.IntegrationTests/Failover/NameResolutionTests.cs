using System.Net;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>The name of the server moves to another address, or cannot be resolved, while the environment is frozen.</summary>
public sealed class NameResolutionTests(BootstrapFixture bootstrap)
{
    private const string HostName = "writer.cluster.test";
    private const string Movements = $"{FaultRounds.Product}/movements";
    private const string Movement = """{"quantity":1}""";
    private static readonly IPAddress FirstAddress = IPAddress.Loopback;
    private static readonly IPAddress SecondAddress = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task The_next_invocation_opens_at_the_address_to_which_the_name_has_moved()
    {
        PrivateResolver.SkipUnlessRoot();
        using var authority = new CertificateAuthority();
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync(Named(authority));
        await using var names = new NameServer(FirstAddress);
        using PrivateResolver resolver = await PrivateResolver.CreateAsync(bootstrap, names);
        await using var promoted = new FaultProxy(pair.Standby.Port, new IPEndPoint(SecondAddress, pair.Primary.Port));
        await using FrozenFunction function = await StartAsync(resolver, pair.Primary);
        await FaultRounds.CreateProductAsync(function);
        Assert.Empty(promoted.Connections);

        await function.WhileFrozenAsync(async () =>
        {
            await pair.FailOverAsync();
            names.Says = SecondAddress;
        });
        FunctionAnswer answer = await function.InvokeHttpAsync("POST", Movements, Movement);
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Body}");
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
        Assert.Single(promoted.Connections);
        Assert.Equal((1, 1), await ReplicatedPair.CountAsync(pair.Standby));
        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
    }

    [Fact]
    public async Task A_write_that_meets_the_server_which_the_name_has_left_is_turned_away_and_the_next_one_is_made_at_the_new_address()
    {
        PrivateResolver.SkipUnlessRoot();
        using var authority = new CertificateAuthority();
        await using ReplicatedPair pair = await ReplicatedPair.StartAsync(Named(authority));
        await using var names = new NameServer(FirstAddress);
        using PrivateResolver resolver = await PrivateResolver.CreateAsync(bootstrap, names);
        await using var promoted = new FaultProxy(pair.Standby.Port, new IPEndPoint(SecondAddress, pair.Primary.Port));
        await using FrozenFunction function = await StartAsync(resolver, pair.Primary);
        await FaultRounds.CreateProductAsync(function);
        await function.WhileFrozenAsync(async () =>
        {
            // The old primary lives on as what takes no writes; the connection to it is as good as before.
            await pair.Standby.PromoteAsync();
            await ReplicatedPair.SetReadOnlyAsync(pair.Primary, true);
            names.Says = SecondAddress;
        });
        Assert.Contains("failing over", (await function.InvokeHttpAsync("POST", Movements, Movement)).TurnedAway(), StringComparison.Ordinal);
        Assert.Equal(201, (await function.InvokeHttpAsync("POST", Movements, Movement)).Status);
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
        Assert.Single(promoted.Connections);
        Assert.Equal((0, 0), await ReplicatedPair.CountAsync(pair.Primary));
        Assert.Equal((1, 1), await ReplicatedPair.CountAsync(pair.Standby));
    }

    [Fact]
    public async Task A_connection_that_is_well_follows_the_name_when_its_lifetime_is_over()
    {
        PrivateResolver.SkipUnlessRoot();
        using var authority = new CertificateAuthority();
        await using PostgresServer server = await PostgresFixture.StartServerAsync(Named(authority));
        await using var names = new NameServer(FirstAddress);
        using PrivateResolver resolver = await PrivateResolver.CreateAsync(bootstrap, names);
        await using var moved = new FaultProxy(server.Port, new IPEndPoint(SecondAddress, server.Port));
        await using FrozenFunction function = await StartAsync(resolver, server, ("NATIVELAMBDA_MAX_LIFETIME", "1ms"));
        names.Says = SecondAddress;
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(("reopened", 2), (facts.Check, facts.Opens));
        Assert.Single(moved.Connections);
        await function.WaitUntilFrozenAsync();
        Assert.Contains(function.Log, record => record.Message.StartsWith("Replacing the connection", StringComparison.Ordinal) && record.Message.Contains("MaxLifetime", StringComparison.Ordinal));
    }

    /// <param name="failure">How it fails.</param>
    /// <param name="logged">What the log says of it.</param>
    [Theory]
    [InlineData(nameof(NameAnswer.NoSuchName), "the host name cannot be resolved")]
    [InlineData(nameof(NameAnswer.ServerFailure), "the host name cannot be resolved")]
    [InlineData(nameof(NameAnswer.Silence), "no answer within the time")]
    public async Task While_the_name_fails_the_caller_is_turned_away_in_time_and_served_once_it_is_back(string failure, string logged)
    {
        PrivateResolver.SkipUnlessRoot();
        using var authority = new CertificateAuthority();
        await using PostgresServer server = await PostgresFixture.StartServerAsync(Named(authority));
        await using var names = new NameServer(FirstAddress) { Answer = Enum.Parse<NameAnswer>(failure) };
        using PrivateResolver resolver = await PrivateResolver.CreateAsync(bootstrap, names);
        TimeSpan budget = TimeSpan.FromSeconds(2);
        await using FrozenFunction function = await StartAsync(
            resolver, server, ("NATIVELAMBDA_INIT_BUDGET", "2s"), ("NATIVELAMBDA_CONNECT_TIMEOUT", "1s"));

        // Init could not open, either.
        string trouble = Assert.Single(function.Troubles);
        Assert.True(trouble.Contains(logged, StringComparison.Ordinal), string.Join("\n", function.Log));
        FunctionAnswer early = await function.InvokeHttpAsync("GET", "/products");
        early.TurnedAway();
        names.Answer = NameAnswer.Address;
        await UntilServedAsync(failure, async () => (await function.InvokeHttpAsync("PUT", FaultRounds.Product, """{"name":"p","price":1}""")).Status, 201);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);

        await function.WhileFrozenAsync(async () =>
        {
            names.Answer = Enum.Parse<NameAnswer>(failure);
            Assert.Equal(1, await server.TerminateBackendsAsync());
        });
        int asked = names.Questions;
        FunctionAnswer turnedAway = await function.InvokeHttpAsync("GET", FaultRounds.Product);
        turnedAway.TurnedAway();
        Assert.True(names.Questions > asked);
        // glibc asks a silent server for ten seconds; the function does not wait for that.
        Assert.InRange(turnedAway.Took, TimeSpan.Zero, budget * 2);
        await function.WaitUntilFrozenAsync();
        Assert.Contains(logged, function.Troubles[^1], StringComparison.Ordinal);
        Assert.Contains(HostName, function.Troubles[^1], StringComparison.Ordinal);

        names.Answer = NameAnswer.Address;
        await UntilServedAsync(failure, async () => (await function.InvokeHttpAsync("GET", FaultRounds.Product)).Status, 200);
        Assert.Equal(2, (await function.GetConnectionFactsAsync()).Opens);
    }

    /// <summary>
    /// The next invocation is served. Only after silence the one that waits for its turn at the resolver is not: glibc asks again after
    /// five seconds, and .NET asks for one name once at a time.
    /// </summary>
    private static async Task UntilServedAsync(string failure, Func<Task<int>> invoke, int status)
    {
        if (failure == nameof(NameAnswer.Silence))
            await Eventually.IsAsync(status, invoke);
        else
            Assert.Equal(status, await invoke());
    }

    /// <summary>A server whose certificate is good for the name alone.</summary>
    private static PostgresServerOptions Named(CertificateAuthority authority) => new()
    {
        CertificateAuthority = authority,
        ServerCertificate = authority.IssueServerCertificateFor(HostName),
    };

    private static async Task<FrozenFunction> StartAsync(PrivateResolver resolver, PostgresServer server, params (string Name, string Value)[] settings)
    {
        var variables = new Dictionary<string, string>(server.EnvironmentVariables) { ["PGHOST"] = HostName };
        FrozenFunction function = await FrozenFunction.CreateAsync(resolver.Bootstrap, variables, timeout: null, settings);
        try
        {
            await function.InitializeAsync();
            return function;
        }
        catch
        {
            await function.DisposeAsync();
            throw;
        }
    }
}
