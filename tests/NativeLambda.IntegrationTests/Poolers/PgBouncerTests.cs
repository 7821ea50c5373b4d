using System.Globalization;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Poolers;

/// <summary>F20: every route works through PgBouncer with settings that a function without a pooler has.</summary>
public sealed class PgBouncerTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    /// <summary>A pooler that takes startup options and forgets them.</summary>
    private const string IgnoresOptions = "ignore_startup_parameters = options";

    public static TheoryData<string, string> Configurations() => new()
    {
        { "session", "" },
        { "transaction", "" },
        { "session", IgnoresOptions },
        { "transaction", IgnoresOptions },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task Every_route_works_and_the_log_says_once_which_guards_are_missing(string mode, string more)
    {
        Assert.SkipWhen(PgBouncer.Program is null, "PgBouncer is not installed (Debian package pgbouncer).");
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using PgBouncer bouncer = await PgBouncer.StartAsync(database, mode, more);
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, bouncer.EnvironmentVariables);

        for (int round = 1; round <= 3; round++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"p{round}");
            Assert.Equal(201, (await function.InvokeHttpAsync("PUT", $"/products/{id}", """{"name":"Lamp","price":19.99}""")).Status);
            Assert.Equal(200, (await function.InvokeHttpAsync("GET", $"/products/{id}")).Status);
            Assert.Equal(201, (await function.InvokeHttpAsync("POST", $"/products/{id}/movements", """{"quantity":5}""")).Status);
            Assert.Equal(201, (await function.InvokeHttpAsync("POST", $"/products/{id}/movements", """{"quantity":5}""", ("idempotency-key", id))).Status);
            Assert.Equal(201, (await function.InvokeHttpAsync("POST", $"/products/{id}/movements", """{"quantity":5}""", ("idempotency-key", id))).Status);
            Assert.Equal(409, (await function.InvokeHttpAsync("POST", $"/products/{id}/movements", """{"quantity":-11}""")).Status);
            Assert.Equal(200, (await function.InvokeHttpAsync("GET", "/products?limit=10")).Status);
            await function.WhileFrozenAsync(() => { });
        }

        Assert.Equal(204, (await function.InvokeHttpAsync("DELETE", "/products/p1")).Status);
        Assert.Equal(6L, await database.QueryAsAdminAsync<long>("SELECT count(*) FROM movements WHERE product_id <> 'p1'") + 2);
        ConnectionView facts = await function.GetConnectionFactsAsync();
        Assert.Equal(1, facts.Opens);
        await function.WaitUntilFrozenAsync();
        string guards = Assert.Single(function.Troubles, trouble => trouble.Contains("A pooler answers", StringComparison.Ordinal));
        Assert.Contains("idle_session_timeout", guards, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_was_named_is_used_from_the_first_open_on()
    {
        Assert.SkipWhen(PgBouncer.Program is null, "PgBouncer is not installed (Debian package pgbouncer).");
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using PgBouncer bouncer = await PgBouncer.StartAsync(database, "transaction");
        await using FrozenFunction function = await FrozenFunction.StartAsync(
            bootstrap, bouncer.EnvironmentVariables, timeout: null, ("NATIVELAMBDA_SERVER", "pgbouncer"));
        Assert.Equal(200, (await function.InvokeHttpAsync("GET", "/products")).Status);
        await function.WaitUntilFrozenAsync();
        Assert.Empty(function.Troubles);
    }
}
