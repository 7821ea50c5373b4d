using System.CommandLine;
using System.Security.Cryptography;
using NativeLambda.Trials.Soak.Running;

namespace NativeLambda.Trials.Soak;

/// <summary>The command <c>soak</c>.</summary>
internal static class SoakCommand
{
    private const double MaxMinutes = 24 * 60;
    private const int MaxEnvironments = 100;

    public static Command Create()
    {
        var bootstrap = new Argument<FileInfo>("bootstrap") { Description = "The published bootstrap, with schema.sql beside it." };
        var minutes = new Option<double>("--minutes") { Description = "How long clients ask and faults happen, 0.1 to 1440.", DefaultValueFactory = _ => 5 };
        var seed = new Option<ulong?>("--seed") { Description = "The seed of the plan. Default: a random one, which is printed." };
        var environments = new Option<int>("--environments") { Description = "The most execution environments at once, 1 to 100.", DefaultValueFactory = _ => 8 };
        var processors = new Option<int?>("--processors") { Description = "How many processors the function believes to have. Default: the machine's." };
        var json = new Option<FileInfo?>("--json") { Description = "Where to write the figures as JSON." };
        var log = new Option<FileInfo?>("--log") { Description = "Where to write the whole log of the function." };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= MaxMinutes))
                result.AddError($"--minutes is from 0.1 to {MaxMinutes}.");
        });
        environments.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxEnvironments)
                result.AddError($"--environments is from 1 to {MaxEnvironments}.");
        });

        var command = new Command("soak", "Random faults, mixed reads and writes, and an oracle. Exit code 0 only if the oracle is content.")
        {
            bootstrap, minutes, seed, environments, processors, json, log,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var options = new SoakOptions
            {
                Bootstrap = arguments.GetRequiredValue(bootstrap).FullName,
                Seed = arguments.GetValue(seed) ?? RandomSeed(),
                Duration = TimeSpan.FromMinutes(arguments.GetValue(minutes)),
                Environments = arguments.GetValue(environments),
                Processors = arguments.GetValue(processors),
                LogFile = arguments.GetValue(log)?.FullName,
            };
            SoakReport report = await new SoakTrial(options, Console.Out).RunAsync(cancellationToken);
            report.Write(Console.Out);
            if (arguments.GetValue(json) is { } file)
                await File.WriteAllTextAsync(file.FullName, report.ToJson(), CancellationToken.None);
            return report.IsContent ? 0 : 1;
        });
        return command;
    }

    /// <summary>A seed that can be typed.</summary>
    public static ulong RandomSeed() => (ulong)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}
