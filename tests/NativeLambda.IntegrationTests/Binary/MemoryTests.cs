using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Binary;

/// <summary>What the process holds in memory. Megabytes are millions of bytes.</summary>
public sealed class MemoryTests(PostgresFixture postgres, BootstrapFixture bootstrap)
{
    private const long LargestPeakBytes = 24_000_000;
    private const long LargestGrowthBytes = 2_000_000;

    [Fact]
    public async Task A_thousand_invocations_peak_below_24_MB_and_two_thousand_more_add_next_to_nothing()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables());
        int processId = function.ProcessId;
        await InvokeAsync(function, 1_000);
        long peak = ProcessInspection.PeakResidentBytes(processId);
        long resident = ProcessInspection.ResidentBytes(processId);
        await InvokeAsync(function, 2_000);
        long later = ProcessInspection.ResidentBytes(processId);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"bytes resident: peak of the first 1,000 invocations {peak}, after them {resident}, after 3,000 {later}");

        Assert.InRange(peak, 1, LargestPeakBytes);
        Assert.InRange(later, 1, resident + LargestGrowthBytes);
        Assert.Equal(1, (await function.GetConnectionFactsAsync()).Opens);
    }

    [Fact]
    public async Task Neither_ICU_nor_Kerberos_is_loaded()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await using FrozenFunction function = await FrozenFunction.StartAsync(bootstrap, database.EnvironmentVariables());
        Assert.Equal(404, (await function.InvokeHttpAsync("GET", "/products/unknown")).Status);
        string maps = await File.ReadAllTextAsync($"/proc/{await function.WaitUntilFrozenAsync()}/maps", TestContext.Current.CancellationToken);
        Assert.Contains("libc.so.6", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("libicu", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("libgssapi", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("libkrb5", maps, StringComparison.Ordinal);
    }

    private static async Task InvokeAsync(FrozenFunction function, int count)
    {
        for (int i = 0; i < count; i++)
        {
            // As many products as there are invocations would be another test: of the database.
            string product = $"/products/p{i / 2 % 50}";
            FunctionAnswer answer = i % 2 == 0
                ? await function.InvokeHttpAsync("PUT", product, $$"""{"name":"Product {{i}}","price":{{i % 100}}.5}""")
                : await function.InvokeHttpAsync("GET", product);
            Assert.InRange(answer.Status, 200, 201);
        }

        await function.WaitUntilFrozenAsync();
    }
}
