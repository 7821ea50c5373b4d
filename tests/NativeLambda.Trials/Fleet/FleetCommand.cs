using System.CommandLine;
using System.Globalization;
using NativeLambda.Emulator.Sandboxing;
using NativeLambda.Trials.Overhead;

namespace NativeLambda.Trials.Fleet;

/// <summary>The command <c>fleet</c>.</summary>
internal static class FleetCommand
{
    public static Command Create()
    {
        Option<int> environments = Number("--environments", "Environments that are frozen at once.", 300);
        Option<int> seconds = Number("--seconds", "How long they are watched.", 10);
        Option<int> bursts = Number("--bursts", "Bursts of invocations, each in environments of its own.", 500);
        Option<int> burstSize = Number("--burst-size", "Invocations at once in a burst.", 5);
        var command = new Command("fleet", "What many frozen environments cost, and whether anything is left of them and of bursts.")
        {
            environments, seconds, bursts, burstSize,
        };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new FleetOptions
            {
                Environments = arguments.GetValue(environments),
                Watch = TimeSpan.FromSeconds(arguments.GetValue(seconds)),
                Bursts = arguments.GetValue(bursts),
                BurstSize = arguments.GetValue(burstSize),
            },
            arguments.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(FleetOptions options, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        return EchoTrial.RunAsync("fleet", bootstrap: null, "install one", console, WatchAsync, cancellationToken);

        async Task<int> WatchAsync(string echo)
        {
            var trial = new FleetTrial(options, echo, TimeProvider.System);
            await console.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Environments} environments, watched for {options.Watch.TotalSeconds} s\n\n| of its own | start, p50 | p99 | CPU of all, frozen | of the emulator | end of all | left |\n|---|---|---|---|---|---|---|"));
            int left = 0;
            foreach ((string kind, int storage, bool network) in Kinds())
            {
                FleetRow row = await trial.FreezeAsync(kind, storage, network, cancellationToken);
                left += row.Left;
                await console.Output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.Kind} | {row.Start.P50.TotalMilliseconds:F1} ms | {row.Start.P99.TotalMilliseconds:F1} ms | {row.FrozenCpu.TotalMilliseconds:F3} ms | {row.EmulatorCpu.TotalMilliseconds:F0} ms | {row.End.TotalSeconds:F1} s | {row.Left} |"));
            }

            (int invocations, int failures, int leftOfBursts) = await trial.BurstAsync(cancellationToken);
            await console.Output.WriteLineAsync($"\n{options.Bursts} bursts: {invocations} invocations, {failures} failed, {leftOfBursts} left behind");
            return left + failures + leftOfBursts == 0 ? 0 : 1;
        }
    }

    private static IEnumerable<(string Kind, int Storage, bool Network)> Kinds()
    {
        yield return ("nothing", 0, false);
        yield return ("/tmp", 512, false);
        if (SpaceFactory.WhyNoNetwork() is null) yield return ("/tmp and network", 512, true);
    }

    private static Option<int> Number(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 5000) result.AddError($"{name} is from 1 to 5000.");
        });
        return option;
    }
}
