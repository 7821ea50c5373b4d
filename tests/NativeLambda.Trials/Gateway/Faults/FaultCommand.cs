using System.CommandLine;
using NativeLambda.Trials.Soak;

namespace NativeLambda.Trials.Gateway.Faults;

/// <summary>The command <c>gateway-faults</c>.</summary>
internal static class FaultCommand
{
    public static Command Create()
    {
        var gateway = new Option<FileInfo>("--gateway") { Description = "The gateway's program.", Required = true };
        var requests = new Option<int>("--requests") { Description = "How many requests.", DefaultValueFactory = static _ => new FaultOptions().Requests };
        var clients = new Option<int>("--clients") { Description = "How many clients at a time.", DefaultValueFactory = static _ => new FaultOptions().Clients };
        var kills = new Option<int>("--kills") { Description = "How often Lambda is killed meanwhile.", DefaultValueFactory = static _ => new FaultOptions().Kills };
        var seed = new Option<ulong?>("--seed") { Description = "The seed of the requests. Default: a random one, which is printed." };
        foreach (Option<int> count in (Option<int>[])[requests, clients])
        {
            count.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > 100_000_000) result.AddError($"{count.Name} is from 1 to 100,000,000.");
            });
        }
        var command = new Command("gateway-faults", "Requests through the gateway to a Lambda that does everything wrong: each must get exactly one well-formed answer.")
        {
            gateway, requests, clients, kills, seed,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            var options = new FaultOptions
            {
                Requests = arguments.GetValue(requests),
                Clients = arguments.GetValue(clients),
                Kills = arguments.GetValue(kills),
                Seed = arguments.GetValue(seed) ?? SoakCommand.RandomSeed(),
            };
            FaultResult result = await FaultStage.RunAsync(arguments.GetRequiredValue(gateway).FullName, options, TimeProvider.System, cancellation);
            await arguments.InvocationConfiguration.Output.WriteLineAsync(FaultReport.Write(options, result));
            return result.Violations.IsEmpty ? 0 : 1;
        });
        return command;
    }
}
