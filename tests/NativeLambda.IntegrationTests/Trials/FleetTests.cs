using NativeLambda.Emulator.Sandboxing;
using NativeLambda.Trials.Fleet;
using NativeLambda.Trials.Overhead;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>A small fleet, and a few bursts: frozen environments cost no CPU, and nothing is left of them.</summary>
public sealed class FleetTests
{
    [Fact]
    public async Task Frozen_environments_cost_no_CPU_and_nothing_is_left_of_them_nor_of_bursts()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("fleet-");
        try
        {
            string? echo = await EchoFunction.CompileAsync(directory.FullName, guard.Token);
            Assert.SkipWhen(echo is null, "there is no C compiler for the echo function");
            var options = new FleetOptions { Environments = 10, Watch = TimeSpan.FromSeconds(1), Bursts = 10, BurstSize = 4 };
            var trial = new FleetTrial(options, echo!, TimeProvider.System);
            FleetRow row = await trial.FreezeAsync("all", ephemeralStorageMb: 512, isolateNetwork: SpaceFactory.WhyNoNetwork() is null, guard.Token);
            Assert.Equal((TimeSpan.Zero, 0), (row.FrozenCpu, row.Left));
            Assert.True(row.Start.P50 > TimeSpan.Zero);
            Assert.Equal((40, 0, 0), await trial.BurstAsync(guard.Token));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
