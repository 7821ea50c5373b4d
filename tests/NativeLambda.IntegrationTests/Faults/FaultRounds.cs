namespace NativeLambda.IntegrationTests.Faults;

/// <summary>The rounds of faults that kill a connection so that the kernel knows: whatever the gap, no handler may meet it.</summary>
internal static class FaultRounds
{
    public const string Product = "/products/p";

    /// <summary>
    /// Each round freezes the environment, makes the fault and asks for the product, then freezes it, makes the fault and asks for the
    /// facts. Every answer must be a 200, on a new backend, after exactly one open, with nothing in the log but that.
    /// </summary>
    public static async Task AssertReopenedAsync(FrozenFunction function, int rounds, Func<Task> fault)
    {
        int troubles = function.Troubles.Count;
        int replaced = Replacements(function);
        ConnectionView before = await function.GetConnectionFactsAsync();
        for (int round = 0; round < rounds; round++)
        {
            await function.WhileFrozenAsync(fault);
            FunctionAnswer answer = await function.InvokeHttpAsync("GET", Product);
            Assert.Equal(200, answer.Status);

            await function.WhileFrozenAsync(fault);
            ConnectionView after = await function.GetConnectionFactsAsync();
            Assert.Equal("reopened", after.Check);
            Assert.Equal(1, after.ReusedFor);
            Assert.Equal(before.Opens + 2, after.Opens);
            Assert.Equal(before.Invocations + 2, after.Invocations);
            Assert.NotEqual(before.BackendPid, after.BackendPid);
            before = after;
        }

        await function.WaitUntilFrozenAsync();
        Assert.Equal(replaced + (2 * rounds), Replacements(function));
        Assert.Equal([], function.Troubles.Skip(troubles));
    }

    /// <summary>Makes the product that the rounds ask for.</summary>
    public static async Task CreateProductAsync(FrozenFunction function) =>
        Assert.Equal(201, (await function.InvokeHttpAsync("PUT", Product, """{"name":"p","price":1}""")).Status);

    /// <summary>How often the dead-socket check, without a round trip, has found the connection dead.</summary>
    public static int Replacements(FrozenFunction function) => function.Log.Count(record =>
        record.Level == "INFO" && record.Message.StartsWith("Replacing the connection", StringComparison.Ordinal)
        && record.Message.Contains("DeadSocket", StringComparison.Ordinal));
}
