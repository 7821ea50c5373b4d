using System.CommandLine;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Trials.Soak;

namespace NativeLambda.Trials.Overhead;

/// <summary>The command <c>overhead</c>.</summary>
internal static class OverheadCommand
{
    private const int MaxSamples = 1_000_000;
    private static readonly FreezeMethod[] All = [FreezeMethod.CgroupV2, FreezeMethod.CgroupV1, FreezeMethod.Signal];

    public static Command Create()
    {
        var samples = new Option<int>("--samples") { Description = "Samples of each course, 10 to 1,000,000.", DefaultValueFactory = _ => 2000 };
        var warmUp = new Option<int>("--warm-up") { Description = "Rounds before those, which do not count.", DefaultValueFactory = _ => 300 };
        var methods = new Option<string[]>("--method") { Description = "A freezing method; may be repeated. Default: all that this machine has." };
        var seed = new Option<int?>("--seed") { Description = "The seed of the order. Default: a random one, which is printed." };
        var bootstrap = new Option<FileInfo?>("--bootstrap") { Description = "A compiled echo function. Default: it is compiled." };
        var json = new Option<FileInfo?>("--json") { Description = "Where to write the figures as JSON." };
        methods.AcceptOnlyFromAmong([.. All.Select(CourseNames.Name)]);
        samples.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 10 or > MaxSamples) result.AddError($"--samples is from 10 to {MaxSamples}.");
        });
        warmUp.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > MaxSamples) result.AddError($"--warm-up is from 0 to {MaxSamples}.");
        });

        var command = new Command("overhead", "What the emulator adds to an invocation, against a bare HTTP round trip; what a freeze and a thaw take.")
        {
            samples, warmUp, methods, seed, bootstrap, json,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            string[] wanted = arguments.GetValue(methods) is { Length: > 0 } given ? given : [.. All.Select(CourseNames.Name)];
            var options = new OverheadOptions
            {
                Samples = arguments.GetValue(samples),
                WarmUp = arguments.GetValue(warmUp),
                Methods = [.. All.Where(method => wanted.Contains(CourseNames.Name(method)))],
                Seed = arguments.GetValue(seed) ?? (int)SoakCommand.RandomSeed(),
            };
            return await RunAsync(options, arguments.GetValue(bootstrap), arguments.GetValue(json), arguments.InvocationConfiguration, cancellationToken);
        });
        return command;
    }

    private static Task<int> RunAsync(
        OverheadOptions options, FileInfo? bootstrap, FileInfo? json, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        return EchoTrial.RunAsync("overhead", bootstrap, "install one, or name a compiled one by --bootstrap", console, MeasureAsync, cancellationToken);

        async Task<int> MeasureAsync(string echo)
        {
            await console.Output.WriteLineAsync($"{options.Samples} samples of each course after {options.WarmUp} for warming up, seed {options.Seed}");
            OverheadResult result = await new OverheadTrial(options, echo, TimeProvider.System).RunAsync(cancellationToken);
            foreach (string reason in result.Missing) await console.Output.WriteLineAsync($"left out: {reason}");
            await console.Output.WriteLineAsync(OverheadReport.Table(result));
            if (json is not null)
                await File.WriteAllTextAsync(json.FullName, OverheadReport.Write(options, result, TimeProvider.System.GetUtcNow()), cancellationToken);
            return 0;
        }
    }
}
