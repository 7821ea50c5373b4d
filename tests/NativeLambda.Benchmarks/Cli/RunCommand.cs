using System.CommandLine;
using NativeLambda.Benchmarks.Contenders;
using NativeLambda.Benchmarks.Reporting;
using NativeLambda.Benchmarks.Running;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Benchmarks.Cli;

/// <summary>The command <c>run</c>: everything, of everybody.</summary>
internal sealed class RunCommand : Command
{
    private readonly Option<DirectoryInfo> _repository = new("--repository") { Description = "the clone, for peers, schema and documents", Required = true };
    private readonly Option<FileInfo> _bootstrap = new("--bootstrap") { Description = "this repository's function", Required = true };
    private readonly Option<int?> _samples = new("--samples") { Description = "cold starts of each function, 5 to 10,000" };
    private readonly Option<string[]> _only = new("--only") { Description = "these peers, by folder; commas or more than once; this repository's own takes part always" };
    private readonly Option<string[]> _variants = new("--variant") { Description = "this repository's function once more, otherwise: TITLE[,bootstrap=FILE][,NAME=VALUE…]; may be repeated" };
    private readonly Option<string[]> _sections = new("--sections") { Description = "these sections: cold, warm, fleet, thaw, network, memory, count, trace" };
    private readonly Option<bool> _quick = new("--quick") { Description = "fewer samples, in under three minutes, for a look" };
    private readonly Option<int?> _seed = new("--seed") { Description = "the seed of the orders and of the resampling; a random one, which is printed, by default" };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "a file for the figures and all samples" };
    private readonly Option<bool> _writeDocs = new("--write-docs") { Description = "renew the figures and charts of docs/benchmarks.md" };

    private RunCommand()
        : base("run", "Measures this function, its peers and the floor in one run.")
    {
        foreach (Option option in (Option[])[_repository, _bootstrap, _samples, _only, _variants, _sections, _quick, _seed, _json, _writeDocs]) Options.Add(option);
        string[] names = [.. BenchRun.Sections(BenchOptions.Quick(0)).Select(static section => section.Name)];
        _sections.Validators.Add(result =>
        {
            foreach (string name in Split(result.GetValueOrDefault<string[]>()))
                if (!names.Contains(name)) result.AddError($"--sections {name}: it is one of {string.Join(", ", names)}");
        });
        _samples.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 5 or > 10_000) result.AddError("--samples is 5 to 10,000");
        });
        SetAction(RunAsync);
    }

    public static Command Create() => new RunCommand();

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        try
        {
            var run = new BenchProgram
            {
                Repository = parsed.GetRequiredValue(_repository).FullName,
                Bootstrap = parsed.GetRequiredValue(_bootstrap).FullName,
                Only = parsed.GetValue(_only) is { Length: > 0 } only ? [.. Split(only)] : null,
                Variants = [.. (parsed.GetValue(_variants) ?? []).Select(Variant.Parse)],
                Sections = parsed.GetValue(_sections) is { Length: > 0 } sections ? [.. Split(sections)] : null,
                Options = ReadOptions(parsed),
                IsQuick = parsed.GetValue(_quick),
                View = new BenchView(output, isTerminal: !Console.IsOutputRedirected, TimeProvider.System),
                Time = TimeProvider.System,
            };
            BenchReport report = await run.RunAsync(cancellationToken);
            output.WriteLine(MarkdownReport.Results(report));
            output.WriteLine(TimeReport.Of(report));
            if (parsed.GetValue(_json) is { } json) await File.WriteAllTextAsync(json.FullName, BenchJson.Write(report), cancellationToken);
            if (parsed.GetValue(_writeDocs)) await BenchDocument.RenewAsync(run.Repository, report, cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception exception) when (exception is BenchmarkException or PostgresServerException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"bench: {exception.Message}");
            return 2;
        }
    }

    private BenchOptions ReadOptions(ParseResult parsed)
    {
        int seed = parsed.GetValue(_seed) ?? Random.Shared.Next();
        BenchOptions options = parsed.GetValue(_quick) ? BenchOptions.Quick(seed) : new BenchOptions { Seed = seed };
        return parsed.GetValue(_samples) is { } samples ? options with { Samples = samples } : options;
    }

    private static IEnumerable<string> Split(string[]? lists) =>
        (lists ?? []).SelectMany(static list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
