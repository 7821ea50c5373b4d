using NativeLambda.Emulator.Environments;
using NativeLambda.Trials.Soak.Judging;
using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>After the last fault: every environment must answer again, all at once.</summary>
internal sealed class Finale(SoakStage stage, SoakClient client, Bench bench, SoakClock clock)
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <param name="writes">More writes than there are environments.</param>
    /// <param name="environments">How many there may be.</param>
    public async Task RunAsync(IEnumerable<PlannedOperation> writes, int environments)
    {
        await UntilAsync(() => Task.FromResult(stage.Lambda.Environments.All(IsAtRest)), "an environment neither froze nor ended");
        foreach (EnvironmentSnapshot environment in stage.Lambda.Environments)
        {
            string commandLine = environment.ProcessId is { } pid ? Leftovers.CommandLineOf(pid) : "";
            if (stage.Secrets.Any(secret => commandLine.Contains(secret, StringComparison.Ordinal)))
                bench.Add(new Violation("the command line of an environment has a password in it"));
        }

        // Each environment serves one of these, because each waits for the lock until all have begun.
        Task<Answer>[] answers;
        await using (await stage.Database.LockProductsAsync())
        {
            answers = [.. writes.Take(environments).Select(client.PerformAsync)];
            await UntilAsync(async () => await stage.Database.CountWaitingAsync() == environments, "not every environment reached the database at the end", SoakStage.Timeout / 2);
        }

        Answer[] all = await Task.WhenAll(answers);
        foreach (Answer answer in all.Where(answer => answer.Status != 201))
            bench.Add(new Violation($"at the end an environment answered {answer}: {answer.Detail}", answer.RequestId, answer.Start, answer.End));
        int served = all.Select(answer => bench.Log?.EnvironmentOf(answer.RequestId)).Distinct().Count();
        if (served != environments)
            bench.Add(new Violation($"at the end {served} of {environments} environments answered"));
    }

    private static bool IsAtRest(EnvironmentSnapshot environment) =>
        environment.State is EnvironmentState.Frozen or EnvironmentState.Reset or EnvironmentState.Dead;

    private async Task UntilAsync(Func<Task<bool>> condition, string otherwise, TimeSpan? patience = null)
    {
        TimeSpan end = clock.Now + (patience ?? Guard);
        while (!await condition())
        {
            if (clock.Now > end)
            {
                bench.Add(new Violation(otherwise));
                return;
            }

            await clock.PauseAsync(Poll, CancellationToken.None);
        }
    }
}
