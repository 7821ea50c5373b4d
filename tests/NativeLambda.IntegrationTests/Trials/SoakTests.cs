using System.Globalization;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Trials.Soak;
using NativeLambda.Trials.Soak.Running;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>The soak, for two minutes, with a seed that is drawn and told: <c>build/soak --seed</c> replays it.</summary>
[Trait("Duration", "Minutes")]
public sealed class SoakTests(BootstrapFixture bootstrap, ITestOutputHelper output)
{
    /// <summary>How long, in seconds.</summary>
    private const string SecondsVariable = "NATIVELAMBDA_SOAK_SECONDS";

    /// <summary>The seed, to replay one.</summary>
    private const string SeedVariable = "NATIVELAMBDA_SOAK_SEED";

    [Fact]
    public async Task Everything_fails_at_random_and_the_oracle_is_content()
    {
        var options = new SoakOptions
        {
            Bootstrap = await bootstrap.GetPathAsync(),
            Seed = Read(SeedVariable) ?? SoakCommand.RandomSeed(),
            Duration = TimeSpan.FromSeconds(Read(SecondsVariable) ?? 120),
        };
        await using var told = new StringWriter();
        SoakReport report;
        try
        {
            report = await new SoakTrial(options, told).RunAsync(TestContext.Current.CancellationToken);
            report.Write(told);
        }
        finally
        {
            output.WriteLine(told.ToString());
        }

        Assert.True(report.IsContent, told.ToString());
        // An oracle that has seen nothing is content, too.
        Assert.NotEqual(0, report.Verdict.Acknowledged);
        Assert.NotEqual(0, report.Verdict.Reads);
        Assert.NotEmpty(report.Faults);
    }

    private static ulong? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
