using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Profiling;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.ColdStart;

/// <summary>
/// A cold start, TLS and SCRAM included, takes no more instructions and no more round trips than it did. build/record-cold-start
/// records what it takes now; the reason belongs into the commit.
/// </summary>
public sealed class ColdStartGateTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private const string RecordVariable = "NATIVELAMBDA_RECORD_COLD_START";
    private const double AllowedGrowth = 0.03;
    private const int Runs = 3;

    [Fact]
    public async Task A_cold_start_takes_no_more_instructions_and_round_trips_than_recorded()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await database.ExecuteAsAdminAsync("INSERT INTO products (id, name, price) VALUES ('p1', 'Teapot', 12.50)");
        ColdStartMachine? machine = await ColdStartMachine.OfThisOneAsync(database);
        Assert.SkipWhen(machine is null, "valgrind is not installed (Debian package valgrind).");
        var function = new FunctionProgram { Bootstrap = await bootstrap.GetPathAsync(), Variables = database.EnvironmentVariables() };
        ColdStartCounts counts = ColdStartCounter.Count(
            function, LambdaEvent.Get("/products/p1"), Runs, TimeProvider.System, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine($"{counts}, {machine}");
        if (Environment.GetEnvironmentVariable(RecordVariable) is { Length: > 0 })
        {
            await new ColdStartRecord(counts, machine).WriteAsync();
            return;
        }

        ColdStartRecord recorded = await ColdStartRecord.ReadAsync();
        Assert.SkipWhen(machine != recorded.Machine, $"The counts were recorded with {recorded.Machine}, and here is {machine}: they are {counts}.");
        Assert.Equal((recorded.Counts.Connections, recorded.Counts.Flights), (counts.Connections, counts.Flights));
        Assert.True(
            counts.Instructions <= recorded.Counts.Instructions * (1 + AllowedGrowth),
            $"A cold start took {recorded.Counts.Instructions} instructions and takes {counts.Instructions} ({(double)counts.Instructions / recorded.Counts.Instructions - 1:+0.0%;-0.0%}). Find out why; "
            + "where the growth is wanted, build/record-cold-start records it, and the commit says the reason.");
    }
}
