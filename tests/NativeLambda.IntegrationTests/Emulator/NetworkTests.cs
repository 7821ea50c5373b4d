using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing;
using NativeLambda.Emulator.Sandboxing.Networking;
using NativeLambda.IntegrationTests.Fixtures;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>Environments with a network of their own, which is dead while they are frozen.</summary>
public sealed class NetworkTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    [Fact]
    public async Task An_isolated_environment_has_its_own_loopback_and_serves_as_ever()
    {
        SkipUnlessPossible();
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { IsolateNetwork = true });
        for (int count = 1; count <= 5; count++)
        {
            InvokeResult result = await lambda.InvokeAsync(Steps("""[{"echo":1}]""")).Guarded();
            Assert.Equal(count, result.Json().GetProperty("invocations").GetInt32());
            Assert.StartsWith("169.254.", result.Json().GetProperty("address").GetString(), StringComparison.Ordinal);
            await FrozenAsync(lambda);
        }
    }

    [Fact]
    public async Task Only_the_ports_that_were_named_lead_to_the_machines_loopback()
    {
        SkipUnlessPossible();
        using var named = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        named.Start();
        other.Start();
        int namedPort = ((IPEndPoint)named.LocalEndpoint).Port, otherPort = ((IPEndPoint)other.LocalEndpoint).Port;
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options() with { IsolateNetwork = true, HostPorts = [namedPort] });
        InvokeResult result = await lambda.InvokeAsync(Steps($$"""[{"connect":{{namedPort}}},{"connect":{{otherPort}}},{"echo":1}]""")).Guarded();
        Assert.Equal(["connected", "ECONNREFUSED"], result.Json().GetProperty("connected").EnumerateArray().Select(element => element.GetString()));
        using Socket socket = await named.AcceptSocketAsync().Guarded();
        Assert.StartsWith("169.254.", ((IPEndPoint)socket.RemoteEndPoint!).Address.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_it_is_frozen_the_servers_keepalives_go_unanswered_and_its_backend_disappears()
    {
        SkipUnlessPossible();
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        // What an operator would set. As behind a pooler the function sets no guards of its own, which would be longer than the test.
        await database.ExecuteAsAdminAsync(
            $"ALTER ROLE {database.Name} SET tcp_keepalives_idle = 1; ALTER ROLE {database.Name} SET tcp_keepalives_interval = 1; ALTER ROLE {database.Name} SET tcp_keepalives_count = 2");
        LocalLambdaOptions options = new()
        {
            Bootstrap = await bootstrap.GetPathAsync(),
            Environment = new Dictionary<string, string>(database.EnvironmentVariables()) { ["NATIVELAMBDA_SERVER"] = "pgbouncer" },
            Timeout = Guard,
            InitTimeout = Guard,
        };
        await using LocalLambda isolated = await LocalLambda.StartAsync(options with { IsolateNetwork = true });
        await using LocalLambda plain = await LocalLambda.StartAsync(options);
        using var client = new HttpClient();
        foreach (LocalLambda lambda in new[] { plain, isolated })
        {
            Assert.Contains("\"opens\":1,", await client.GetStringAsync(new Uri(lambda.FunctionUrl, "/connection")).Guarded(), StringComparison.Ordinal);
            await FrozenAsync(lambda);
        }
        // What the server has sent last may not have arrived when the environment froze: then it is sent again and again for minutes
        // (tcp_user_timeout), and no keepalive goes out meanwhile.
        while (IsInFlight(database.Server.Port))
        {
            await isolated.ThawAsync(isolated.Environments[0].Id).Guarded();
            await Eventually(() => !IsInFlight(database.Server.Port), "everything is acknowledged");
            await isolated.FreezeAsync(isolated.Environments[0].Id).Guarded();
        }
        Assert.Equal(2, (await database.ListSessionsAsync()).Count);
        await Fixtures.Eventually.IsAsync(1, async () => (await database.ListSessionsAsync()).Count);
        // It is the isolated one's that went: the other one answers on the session that it has opened in Init.
        Assert.Contains("\"opens\":1,", await client.GetStringAsync(new Uri(plain.FunctionUrl, "/connection")).Guarded(), StringComparison.Ordinal);
        Assert.Contains("\"opens\":2,", await client.GetStringAsync(new Uri(isolated.FunctionUrl, "/connection")).Guarded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thawed_in_time_it_goes_on_with_its_connections_and_when_it_ends_its_interface_goes()
    {
        SkipUnlessPossible();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        LocalLambda lambda = await LocalLambda.StartAsync(Options() with { IsolateNetwork = true, HostPorts = [port] });
        JsonElement echo = (await lambda.InvokeAsync(Steps($$"""[{"talk":{{port}}},{"echo":1}]""")).Guarded()).Json();
        using Socket socket = await server.AcceptSocketAsync().Guarded();
        byte[] buffer = new byte[16];
        Assert.Equal(5, await socket.ReceiveAsync(buffer).Guarded()); // "hello"
        await FrozenAsync(lambda);
        await socket.SendAsync("x"u8.ToArray()).Guarded(); // vanishes, and is sent again by the kernel once somebody answers
        await lambda.ThawAsync(lambda.Environments[0].Id).Guarded();
        Assert.Equal(1, await socket.ReceiveAsync(buffer).Guarded()); // it echoes
        string host = HostInterface(AddressOf(echo));
        Assert.True(Directory.Exists($"/sys/class/net/{host}"));
        Assert.Equal("0\n", await File.ReadAllTextAsync($"/proc/sys/net/ipv4/conf/{host}/forwarding")); // neither to the internet nor to one another
        await lambda.DisposeAsync().AsTask().Guarded();
        Assert.False(Directory.Exists($"/sys/class/net/{host}"));
    }

    [Fact]
    public async Task Blocked_it_lets_nothing_pass_in_either_direction_and_tells_nobody()
    {
        SkipUnlessPossible();
        using Netlink netlink = Netlink.Open();
        using EnvironmentNetwork network = EnvironmentNetwork.Create(netlink, new LinkAddresses(), hostPorts: []);
        using Socket inner = IsolatedThread.Run(() =>
        {
            IsolatedThread.Enter(network.Namespace, NativeMethods.CloneNewNetwork);
            return new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        });
        using var outer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await inner.ConnectAsync(IPEndPoint.Parse("192.0.2.1:9")); // nobody's: only the way there matters
        IPAddress own = ((IPEndPoint)inner.LocalEndPoint!).Address;
        string counters = $"/sys/class/net/{HostInterface(own)}/statistics";
        // Without it a connection that an ended process leaves half closed would hold the namespace for minutes.
        Assert.Equal("1", IsolatedThread.Run(() =>
        {
            IsolatedThread.Enter(network.Namespace, NativeMethods.CloneNewNetwork);
            return File.ReadAllText("/proc/sys/net/ipv4/tcp_orphan_retries").Trim();
        }));
        await PassesAsync();
        network.Block();
        long sent = Count("tx_packets"), received = Count("rx_packets");
        SendBoth();
        Assert.Equal((sent, received), (Count("tx_packets"), Count("rx_packets")));
        network.Unblock();
        await PassesAsync();

        long Count(string counter) => long.Parse(File.ReadAllText($"{counters}/{counter}"), CultureInfo.InvariantCulture);

        void SendBoth()
        {
            Assert.Equal(1, inner.Send([1]));
            Assert.Equal(1, outer.SendTo([1], new IPEndPoint(own, 9)));
        }

        async Task PassesAsync()
        {
            long sent = Count("tx_packets"), received = Count("rx_packets");
            SendBoth();
            await Eventually(() => Count("tx_packets") > sent && Count("rx_packets") > received, "packets pass in both directions");
        }
    }

    [Fact]
    public async Task After_SIGKILL_of_the_emulator_neither_its_interfaces_nor_its_mounts_stay()
    {
        SkipUnlessPossible();
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient, "--isolate-network");
        using var client = new HttpClient();
        JsonElement echo = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(emulator.FunctionUrl).Guarded());
        string host = HostInterface(AddressOf(echo));
        Assert.True(Directory.Exists($"/sys/class/net/{host}"));
        string mounts = await File.ReadAllTextAsync("/proc/self/mountinfo");
        Assert.DoesNotContain("/tmp/lambda-emulator", mounts, StringComparison.Ordinal);
        emulator.Kill();
        await Eventually(() => !Directory.Exists($"/sys/class/net/{host}"), "its interface goes");
    }

    /// <summary>Whether something that a port here has sent to an isolated environment is not acknowledged yet.</summary>
    private static bool IsInFlight(int port) => File.ReadLines("/proc/net/tcp").Skip(1)
        .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(fields => fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal)
            && fields[2][4..8] == "FEA9" // 169.254, the last byte first
            && !fields[4].StartsWith("00000000:", StringComparison.Ordinal));

    private static IPAddress AddressOf(JsonElement echo) => IPAddress.Parse(echo.GetProperty("address").GetString()!);

    private static string HostInterface(IPAddress address)
    {
        byte[] parts = address.GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"lambda{((parts[2] - 1) * 128) + (parts[3] / 2)}");
    }

    private static Task<IReadOnlyList<EnvironmentSnapshot>> FrozenAsync(LocalLambda lambda) =>
        lambda.WaitUntilAsync(environments => environments.All(environment => environment.State == EnvironmentState.Frozen)).Guarded();

    private static void SkipUnlessPossible() => Assert.SkipUnless(SpaceFactory.WhyNoNetwork() is null, SpaceFactory.WhyNoNetwork() ?? "");
}
