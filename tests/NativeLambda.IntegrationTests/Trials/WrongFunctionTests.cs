using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Trials.Soak;
using NativeLambda.Trials.Soak.Planning;
using NativeLambda.Trials.Soak.Running;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>The soak, run against functions that keep their connection wrongly: the oracle must find that out by itself.</summary>
[Trait("Duration", "Minutes")]
public sealed class WrongFunctionTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>How often it may have luck.</summary>
    private const int Runs = 4;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>What takes so long that little else happens, and what these functions do not outlive: they know no password file.</summary>
    private static readonly FaultKind[] Avoided =
    [
        FaultKind.Swallow, FaultKind.Ignore, FaultKind.Suspend, FaultKind.FillSlots, FaultKind.Lull, FaultKind.RotatePassword,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("nativelambda-wrong-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <param name="habit">How the function keeps its connection.</param>
    /// <param name="fault">What it does not bear.</param>
    /// <param name="violation">What must be said of it.</param>
    [Theory]
    [InlineData("static", nameof(FaultKind.TerminateIdle), "Exception")]
    [InlineData("static-and-again", nameof(FaultKind.LoseAnswers), "2 times in the database")]
    public async Task The_oracle_is_not_content_with(string habit, string fault, string violation)
    {
        FaultKind kind = Enum.Parse<FaultKind>(fault);
        var options = new SoakOptions
        {
            Bootstrap = WriteBootstrap(habit),
            Seed = 0,
            Duration = Duration,
            Environments = 4,
            // It never recovers.
            Patience = TimeSpan.FromSeconds(5),
        };
        SoakReport report;
        int runs = 0;
        do
        {
            options = options with { Seed = SeedAfter(options.Seed, kind) };
            await using var told = new StringWriter();
            report = await new SoakTrial(options, told).RunAsync(TestContext.Current.CancellationToken);
            report.Write(told);
            output.WriteLine(told.ToString());
        }
        while (++runs < Runs && !report.Violations.Any(found => found.What.Contains(violation, StringComparison.Ordinal)));

        Assert.False(report.IsContent);
        Assert.Contains(report.Violations, found => found.What.Contains(violation, StringComparison.Ordinal));
    }

    /// <summary>The next seed whose plan makes a fault more than once, and none of those that spoil the trial.</summary>
    private static ulong SeedAfter(ulong seed, FaultKind kind)
    {
        while (true)
        {
            FaultKind[] planned = [.. new SoakPlan(++seed, clients: 3).Faults(Duration).Select(fault => fault.Kind)];
            if (planned.Count(fault => fault == kind) > 1 && !planned.Intersect(Avoided).Any())
                return seed;
        }
    }

    /// <summary>The peer with a habit, beside the schema, as the soak wants it.</summary>
    private string WriteBootstrap(string habit)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string peer = Path.Combine(Repository.Root, "artifacts", "bin", "dotnet-connection-habits", configuration, "bootstrap");
        string bootstrap = Path.Combine(_folder, "bootstrap");
        File.WriteAllText(bootstrap, $"""
            #!/bin/sh
            export PEER_CONNECTION={habit} PGPASSWORD="$(cut -d: -f5 "$PGPASSFILE")"
            exec '{peer}'

            """);
        File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Copy(Repository.Schema, Path.Combine(_folder, "schema.sql"));
        return bootstrap;
    }
}
