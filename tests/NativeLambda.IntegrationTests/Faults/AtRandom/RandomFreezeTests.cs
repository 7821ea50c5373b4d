using System.Globalization;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Trials.Soak;

namespace NativeLambda.IntegrationTests.Faults.AtRandom;

/// <summary>
/// One process, frozen again and again, each time with a random fault of F1 to F6 behind its back. The seed is drawn and told;
/// <c>NATIVELAMBDA_SEED</c> replays one, <c>NATIVELAMBDA_FREEZES</c> asks for more than the suite has time for.
/// </summary>
public sealed class RandomFreezeTests(BootstrapFixture bootstrap, ITestOutputHelper output)
{
    private const ulong DefaultFreezes = 60;

    [Fact]
    public async Task Whatever_happens_while_it_is_frozen_the_next_GET_is_answered_after_at_most_one_open()
    {
        ulong seed = Read("NATIVELAMBDA_SEED") ?? SoakCommand.RandomSeed();
        int freezes = (int)(Read("NATIVELAMBDA_FREEZES") ?? DefaultFreezes);
        output.WriteLine($"NATIVELAMBDA_SEED={seed} NATIVELAMBDA_FREEZES={freezes}");
        var rounds = new List<FreezeRound>();
        await using FreezeStage stage = await FreezeStage.StartAsync(bootstrap);
        try
        {
            foreach (FreezeFault fault in FreezeFaults.Draw(seed, freezes))
            {
                output.WriteLine($"{rounds.Count}: {fault}");
                rounds.Add(await stage.FreezeAsync(fault));
            }
        }
        finally
        {
            output.WriteLine(FreezeTable.Of(rounds));
            output.WriteLine($"{rounds.Count(round => round.NeedlessOpen)} opens without a fault: a ping took longer than its timeout");
        }

        Assert.Equal(freezes, rounds.Count);
    }

    [Fact]
    public void A_seed_draws_the_same_faults_and_a_long_run_all_of_them()
    {
        Assert.Equal(FreezeFaults.Draw(1, 100), FreezeFaults.Draw(1, 200).Take(100));
        Assert.NotEqual(FreezeFaults.Draw(1, 100), FreezeFaults.Draw(2, 100));
        Assert.Equal(Enum.GetValues<FreezeFault>(), FreezeFaults.Draw(1, 1_000).Distinct().Order());
    }

    private static ulong? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
