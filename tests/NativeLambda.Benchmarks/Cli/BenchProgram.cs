using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Reporting;
using NativeLambda.Benchmarks.Running;

namespace NativeLambda.Benchmarks.Cli;

/// <summary>A run from the building of the peers to the report.</summary>
internal sealed record BenchProgram
{
    /// <summary>The clone.</summary>
    public required string Repository { get; init; }

    /// <summary>This repository's function.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>The peers that take part; nothing for all.</summary>
    public required IReadOnlyList<string>? Only { get; init; }

    /// <summary>This repository's function in other circumstances.</summary>
    public required IReadOnlyList<Variant> Variants { get; init; }

    /// <summary>What is measured; nothing for all.</summary>
    public required IReadOnlyList<string>? Sections { get; init; }

    /// <summary>How often.</summary>
    public required BenchOptions Options { get; init; }

    /// <summary>Whether for a look only.</summary>
    public required bool IsQuick { get; init; }

    /// <summary>Who watches.</summary>
    public required IBenchView View { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Builds, measures and sums up; no process is left when it ends.</summary>
    /// <exception cref="BenchmarkException">This repository's own function cannot be measured, or a peer is not known or is broken.</exception>
    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        await using BenchServer server = await BenchServer.StartAsync(
            Path.Combine(Repository, "src/NativeLambda.Function/schema.sql"), cancellationToken);
        MachineFacts machine = MachineFacts.Read(server.Version, Repository, Time);
        (IReadOnlyList<Contender> contenders, IReadOnlyList<Absentee> absent) = await GatherAsync(server, cancellationToken);
        ISection[] sections = [.. BenchRun.Sections(Options).Where(section => Sections?.Contains(section.Name) != false)];
        View.Say($"{contenders.Count} functions, {string.Join(", ", sections.Select(static section => section.Name))}; seed {Options.Seed}");
        Measurements results = await new BenchRun(Options, server, View, Time).RunAsync(contenders, sections, cancellationToken);
        CountSection? counts = sections.OfType<CountSection>().FirstOrDefault();
        return new BenchReport(
            machine with { LoadAtEnd = MachineFacts.ReadLoad() }, Options, IsQuick, [.. contenders.Where(contender => results.MetricsOf(contender.Key).Any())], absent, results,
            counts?.Flights ?? [], counts?.Profile, sections.OfType<TraceSection>().FirstOrDefault()?.Result);
    }

    private async Task<(IReadOnlyList<Contender> Contenders, IReadOnlyList<Absentee> Absent)> GatherAsync(
        BenchServer server, CancellationToken cancellationToken)
    {
        Contender ours = Ours(server);
        List<Contender> contenders = [ ours, Copy(ours), .. Variants.Select(variant => variant.Apply(ours))];
        var absent = new List<Absentee>();
        var builder = new PeerBuilder(
            Path.Combine(Repository, "tests/NativeLambda.Benchmarks/peers"), Path.Combine(Repository, "artifacts/bench"), Path.Combine(Repository, "src"));
        foreach (string unknown in (Only ?? []).Except(builder.Keys))
            throw new BenchmarkException($"--only {unknown}: there is no such peer; there are {string.Join(", ", builder.Keys)}");
        foreach (string key in builder.Keys.Where(key => Only?.Contains(key) != false))
        {
            View.Say($"building {key}");
            PeerManifest manifest = builder.Read(key);
            (string? folder, string reason) = await builder.BuildAsync(key, cancellationToken);
            if (folder is null)
            {
                View.Say($"left out: {manifest.Title}: {reason}");
                absent.Add(new Absentee(key, manifest.Title, reason));
                continue;
            }

            contenders.Add(new Contender
            {
                Key = key,
                Manifest = manifest,
                Program = new FunctionProgram { Bootstrap = Path.Combine(folder, "bootstrap"), Variables = server.VariablesFor(ServerNeeds.Of(key)) },
                Size = PackageSize.OfFolder(folder),
            });
        }

        return (contenders, absent);
    }

    private Contender Ours(BenchServer server)
    {
        var manifest = new PeerManifest { Title = "NativeLambda", Language = "C#", Client = "Npgsql", Note = "this repository", Kind = PeerKind.Ours };
        return new Contender
        {
            Key = BenchReport.Ours,
            Manifest = manifest,
            Program = new FunctionProgram { Bootstrap = Bootstrap, Variables = server.VariablesFor(ServerNeeds.Of(BenchReport.Ours)) },
            // Beside it lie symbols and documentation, which nobody deploys.
            Size = PackageSize.Of(Path.GetDirectoryName(Bootstrap)!, [Bootstrap]),
        };
    }

    /// <summary>The same binary under another name: what differs between the two is noise.</summary>
    private static Contender Copy(Contender ours) => ours with
    {
        Key = BenchReport.Again,
        Manifest = ours.Manifest with { Title = "NativeLambda, again", Note = "the same binary: must not differ", Kind = PeerKind.Self },
    };
}
