using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The write of the products API that must happen once: how it is asked for, and what the database has of it.</summary>
internal static class Movements
{
    public const int Quantity = 5;

    public static Task<FunctionAnswer> MoveAsync(FrozenFunction function, params (string Name, string Value)[] headers) =>
        function.InvokeHttpAsync("POST", FaultRounds.Product + "/movements", $$"""{"quantity":{{Quantity}}}""", headers);

    /// <summary>Asserts how many movements there are, and that the stock agrees.</summary>
    public static async Task AssertAsync(TestDatabase database, long count)
    {
        Assert.Equal(count, await CountAsync(database));
        Assert.Equal(count * Quantity, await database.QueryAsAdminAsync<long>("SELECT stock FROM products"));
    }

    public static Task<long> CountAsync(TestDatabase database) => database.QueryAsAdminAsync<long>("SELECT count(*) FROM movements");
}
