using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Samples;

/// <summary>samples/DapperCustomers: Dapper.AOT on the live connection.</summary>
public sealed class DapperCustomersTests(PostgresFixture postgres)
{
    private const string Sample = "DapperCustomers";

    [Fact]
    public async Task It_writes_and_reads_rows_across_a_freeze()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample);
        Assert.Equal(200, (await PutAsync(sample, "ann", "Ann", "12.50")).Status);
        Assert.Equal(200, (await PutAsync(sample, "bob", "Bob'); DROP TABLE customers; --", "0")).Status);
        await sample.Function.WaitUntilFrozenAsync();

        FunctionAnswer one = await sample.Function.InvokeHttpAsync("GET", "/customers/ann");
        FunctionAnswer all = await sample.Function.InvokeHttpAsync("GET", "/customers");

        Assert.Equal((200, """{"id":"ann","name":"Ann","credit":12.50}"""), (one.Status, one.Body));
        Assert.Equal(["ann", "bob"], all.Json.EnumerateArray().Select(static customer => customer.GetProperty("id").GetString()!));
        (await sample.Function.InvokeHttpAsync("GET", "/customers/eve")).Problem(404);
        (await sample.Function.InvokeHttpAsync("PUT", "/customers/eve", "{}")).Problem(400);
        Assert.Empty(sample.Function.Troubles);
    }

    [Fact]
    public async Task Its_statement_is_cancelled_at_the_server_before_the_deadline()
    {
        await using SampleFunction sample = await SampleFunction.StartAsync(postgres, Sample, Deadlines.Near);
        await using (BlockedStatements blocked = await BlockedStatements.ByAsync(sample.Database, "INSERT INTO customers VALUES ('ann', 'Ann', 0)"))
        {
            (await PutAsync(sample, "ann", "Ann", "1")).Problem(504);
            await blocked.WaitForNoneAsync();
        }

        // By its token, and not because the library gave the handler up.
        await sample.Function.WaitUntilFrozenAsync();
        Assert.Contains("cancelled before the deadline", Assert.Single(sample.Function.Troubles), StringComparison.Ordinal);

        Assert.Equal(0, await sample.Database.QueryAsAdminAsync<long>("SELECT count(*) FROM customers"));
    }

    private static Task<FunctionAnswer> PutAsync(SampleFunction sample, string id, string name, string credit) =>
        sample.Function.InvokeHttpAsync("PUT", $"/customers/{id}", $$"""{"name":"{{name}}","credit":{{credit}}}""");
}
