using NativeLambda.Emulator.Environments;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Warm;

/// <summary>What an invocation on a live connection costs on the network: its own statements, and nothing before the answer.</summary>
public sealed class WarmInvocationTests(PostgresFixture postgres, BootstrapFixture bootstrap) : IAsyncLifetime
{
    private const string Chair = "INSERT INTO products (id, name, price) VALUES ('chair', 'Chair', 12.5)";
    private static readonly (string, string) NeverPing = ("NATIVELAMBDA_PING_AFTER", "1h");
    private static readonly (string, string) NoReset = ("NATIVELAMBDA_SESSION_RESET", "off");
    // Where no reset carries it, the question how full the server is, asked every few seconds, is a round trip of its own.
    private static readonly (string, string) NeverAsk = ("NATIVELAMBDA_PRESSURE_CHECK", "1h");
    private static readonly string[] OneStatement = ["P", "B", "D", "E", "S"];

    private TestDatabase _database = null!;
    private FaultProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        await _database.ExecuteAsAdminAsync(Chair);
        _proxy = new FaultProxy(_database.Server);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/products/chair", "", 200, 1)]
    [InlineData("GET", "/products/unknown", "", 404, 1)]
    [InlineData("GET", "/products?limit=1", "", 200, 1)]
    [InlineData("PUT", "/products/table", """{"name":"Table","price":1}""", 201, 1)]
    [InlineData("DELETE", "/products/chair", "", 204, 1)]
    [InlineData("GET", "/connection", "", 200, 0)]
    [InlineData("PUT", "/products/table", "{}", 400, 0)]
    public async Task Within_the_ping_interval_an_invocation_is_its_own_statements_and_one_reset(
        string method, string target, string body, int status, int statements)
    {
        await using (FrozenFunction function = await StartAsync(NeverPing, NoReset))
        {
            Wire wire = await ObserveAsync(function, method, target, body, status);
            Assert.Equal((statements, statements), (wire.RoundTrips, wire.Flights));
            Assert.Equal(Enumerable.Repeat(OneStatement, statements).SelectMany(types => types), wire.TypesToServer);
        }

        await _database.ExecuteAsAdminAsync($"TRUNCATE products CASCADE; {Chair}");
        await using (FrozenFunction function = await StartAsync(NeverPing))
        {
            Wire wire = await ObserveAsync(function, method, target, body, status);
            Assert.Equal((statements + 1, statements + 1), (wire.RoundTrips, wire.Flights));
            Assert.Equal(statements + 1, wire.TypesToServer.Count(type => type == "S"));
        }
    }

    [Theory]
    [InlineData("1h", 0)]
    [InlineData("0s", 1)]
    public async Task The_trace_in_the_sessions_name_goes_with_the_first_statement_and_is_no_flight_of_its_own(string pingAfter, int pings)
    {
        await using FrozenFunction function = await StartAsync(("NATIVELAMBDA_PING_AFTER", pingAfter), NoReset, ("NATIVELAMBDA_TRACE_SESSION", "on"));
        function.TraceHeader = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
        Wire wire = await ObserveAsync(function, "GET", "/products/chair", "", 200, isFirst: true);
        Assert.Equal(1 + pings, wire.Flights);
        Assert.Equal(["Q", .. Enumerable.Repeat(OneStatement, 1 + pings).SelectMany(types => types)], wire.TypesToServer);
        Assert.Contains(wire.Messages, message => message.Type == "Q" && message.Text!.EndsWith("/1-5759e988-bd862e3fe1be46a994272793'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_is_the_first_one_after_Init()
    {
        await using FrozenFunction function = await StartAsync(NeverPing, NoReset);
        Wire wire = await ObserveAsync(function, "GET", "/products/chair", "", 200, isFirst: true);
        Assert.Equal((1, 1), (wire.RoundTrips, wire.Flights));
        Assert.Equal(OneStatement, wire.TypesToServer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_longer_gap_it_is_one_flight_more(bool isFirst)
    {
        TimeSpan gap = TimeSpan.FromMilliseconds(200);
        await using FrozenFunction function = await StartAsync(
            ("NATIVELAMBDA_PING_AFTER", $"{gap.TotalMilliseconds}ms"), ("NATIVELAMBDA_PING_TIMEOUT", "1m"), NoReset);
        if (!isFirst)
            await function.GetConnectionFactsAsync();
        // Not waiting for anything: the gap is what is tested. Twice as long, for timers may be some milliseconds early.
        await function.WhileFrozenAsync(() => Task.Delay(2 * gap, TimeProvider.System));
        Wire wire = await ObserveAsync(function, "GET", "/products/chair", "", 200, isFirst: true);
        Assert.Equal((2, 2), (wire.RoundTrips, wire.Flights));
        Assert.Equal([.. OneStatement, .. OneStatement], wire.TypesToServer);
        Assert.Equal("-- ping", wire.Statements[0]);
    }

    [Fact]
    public async Task The_caller_has_the_answer_before_the_reset_is_sent_and_the_reset_ends_before_the_freeze()
    {
        await using FrozenFunction function = await StartAsync(NeverPing, ("NATIVELAMBDA_PING_TIMEOUT", "1m"));
        await ObserveAsync(function, "GET", "/products/chair", "", 200);
        ProxiedConnection connection = Assert.Single(_proxy.Connections);
        int mark = connection.Messages.Count;

        // The handler's flight may pass; the next one, which must be the reset, is kept back.
        Task resetHeld = connection.HoldAfter(flights: 1);
        FunctionAnswer answer = await function.InvokeHttpAsync("GET", "/products/chair");
        Assert.Equal(200, answer.Status);
        await resetHeld.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.Equal(1, RoundTrips(connection.Messages.Since(mark)));
        Assert.Equal(EnvironmentState.Busy, function.State);
        Assert.False(ProcessInspection.IsStoppedOrFrozen(function.ProcessId));

        connection.Mode = ProxyMode.Forward;
        await function.WaitUntilFrozenAsync();
        IReadOnlyList<ProtocolMessage> messages = connection.Messages.Since(mark);
        Assert.Equal(2, RoundTrips(messages));
        Assert.Contains(messages, message => message is { Type: "P", Text: "DISCARD TEMP" });
        Assert.Equal((TrafficDirection.ToClient, "Z"), (messages[^1].Direction, messages[^1].Type));

        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal((1, "socket"), (facts.Opens, facts.Check));
        Assert.Empty(function.Troubles);
    }

    private async Task<FrozenFunction> StartAsync(params (string, string)[] settings) =>
        await FrozenFunction.StartAsync(bootstrap, _database.EnvironmentVariables(_proxy, plainText: true), settings: [NeverAsk, .. settings]);

    /// <summary>Makes one invocation and returns what passed from before it until the environment was frozen again.</summary>
    /// <param name="function">The environment.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">The path with its query.</param>
    /// <param name="body">The body.</param>
    /// <param name="status">The status that it must be answered with.</param>
    /// <param name="isFirst">Whether there shall be no other invocation before.</param>
    private async Task<Wire> ObserveAsync(
        FrozenFunction function, string method, string target, string body, int status, bool isFirst = false)
    {
        if (!isFirst)
            await function.GetConnectionFactsAsync();
        await function.WaitUntilFrozenAsync();
        ProxiedConnection connection = _proxy.Connections[^1];
        int mark = connection.Messages.Count;
        int flights = connection.Traffic.Flights;
        int connections = _proxy.Connections.Count;
        Assert.Equal(status, (await function.InvokeHttpAsync(method, target, body)).Status);
        await function.WaitUntilFrozenAsync();
        Assert.Equal(connections, _proxy.Connections.Count);
        return new Wire(connection.Traffic.Flights - flights, connection.Messages.Since(mark));
    }

    private static int RoundTrips(IEnumerable<ProtocolMessage> messages) =>
        messages.Count(message => message is { Direction: TrafficDirection.ToClient, Type: "Z" });

    private sealed record Wire(int Flights, IReadOnlyList<ProtocolMessage> Messages)
    {
        public int RoundTrips => RoundTrips(Messages);

        public IEnumerable<string> TypesToServer =>
            Messages.Where(message => message.Direction == TrafficDirection.ToServer).Select(message => message.Type);

        public IReadOnlyList<string> Statements =>
            [.. Messages.Where(message => message is { Direction: TrafficDirection.ToServer, Type: "P" }).Select(message => message.Text!)];
    }
}
