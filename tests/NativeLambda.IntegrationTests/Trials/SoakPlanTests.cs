using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>The plan of the soak: a pure function of its seed.</summary>
public sealed class SoakPlanTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void The_same_seed_plans_the_same()
    {
        var one = new SoakPlan(42, clients: 4);
        var other = new SoakPlan(42, clients: 4);
        Assert.Equal(one.Faults(Hour), other.Faults(Hour));
        Assert.Equal(one.Operations(3).Take(1000), other.Operations(3).Take(1000));
        Assert.Equal(one.Hash(Hour), other.Hash(Hour));
    }

    [Fact]
    public void A_plan_stays_what_it_was_when_the_seed_was_noted()
    {
        // Another .NET, another machine, another year: --seed still replays. A change of the plan changes this on purpose.
        Assert.Equal("876512185b6c", new SoakPlan(1, clients: 6).Hash(TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void Another_seed_time_or_number_of_clients_plans_something_else()
    {
        var hashes = new HashSet<string>();
        for (ulong seed = 0; seed < 200; seed++)
            Assert.True(hashes.Add(new SoakPlan(seed, clients: 2).Hash(TimeSpan.FromMinutes(1))));
        Assert.True(hashes.Add(new SoakPlan(1, clients: 3).Hash(TimeSpan.FromMinutes(1))));
        Assert.True(hashes.Add(new SoakPlan(1, clients: 2).Hash(TimeSpan.FromMinutes(2))));
    }

    [Fact]
    public void A_longer_run_begins_like_a_shorter_one()
    {
        var plan = new SoakPlan(7, clients: 2);
        PlannedFault[] shorter = [.. plan.Faults(TimeSpan.FromMinutes(1))];
        Assert.NotEmpty(shorter);
        Assert.Equal(shorter, plan.Faults(Hour).Take(shorter.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_minutes_meet_every_kind_of_fault(ulong seed)
    {
        IEnumerable<FaultKind> kinds = new SoakPlan(seed, clients: 1).Faults(TimeSpan.FromMinutes(2)).Select(fault => fault.Kind);
        Assert.Equal(Enum.GetValues<FaultKind>(), kinds.Distinct().Order());
    }

    [Fact]
    public void No_two_writes_of_a_product_have_the_same_quantity_whoever_makes_them()
    {
        var plan = new SoakPlan(5, clients: 3);
        PlannedOperation[] writes =
        [
            .. Enumerable.Range(0, plan.Clients + 1)
                .SelectMany(client => plan.Operations(client).Take(20_000))
                .Where(operation => !operation.IsRead),
        ];
        Assert.All(writes, write => Assert.InRange(Math.Abs(write.Quantity), 1, 1_000_000));
        Assert.Equal(writes.Length, writes.Select(write => (write.Product, Math.Abs(write.Quantity))).Distinct().Count());
        string[] keys = [.. writes.Select(write => write.Key).OfType<string>()];
        Assert.InRange(keys.Length, 1, writes.Length - 1);
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }
}
