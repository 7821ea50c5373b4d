using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>The Shutdown phase: the time that extensions buy before SIGKILL.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown">Lambda,
/// Shutdown phase</see>, and the Extensions API's reference.
/// </remarks>
internal static class ShutdownPhase
{
    /// <summary>The environment is no longer needed.</summary>
    public const string Spindown = "spindown";

    /// <summary>The invocation has outlasted its time.</summary>
    public const string Timeout = "timeout";

    /// <summary>A process has ended, or Init has failed.</summary>
    public const string Failure = "failure";

    private static readonly TimeSpan InternalBudget = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ExternalBudget = TimeSpan.FromMilliseconds(2000);
    private static readonly TimeSpan RuntimeShare = TimeSpan.FromMilliseconds(300);

    /// <summary>Lets the thawed processes end by themselves, as long as they are allowed; who is left is killed by the caller.</summary>
    /// <param name="extensions">The extensions.</param>
    /// <param name="runtime">The runtime's process, where there is one.</param>
    /// <param name="processes">The external extensions' processes by name.</param>
    /// <param name="reason">What the SHUTDOWN event says.</param>
    public static async Task RunAsync(
        ExtensionRegistry extensions, ChildProcess? runtime, IReadOnlyDictionary<string, ChildProcess> processes, string reason)
    {
        bool hasExternal = processes.Count > 0;
        if (!hasExternal && extensions.All.Count == 0) return;
        // On the system's clock: processes live in real time, whatever time a test pretends it is.
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        DateTimeOffset deadline = time.GetUtcNow() + ExternalBudget;
        if (runtime is { Exited.IsCompleted: false })
        {
            runtime.Signal(NativeMethods.SigTerm);
            await WaitAsync(runtime.Exited, hasExternal ? RuntimeShare : InternalBudget);
            runtime.SignalGroup(NativeMethods.SigKill);
        }
        if (!hasExternal) return;
        IReadOnlySet<string> told = extensions.Shutdown(reason, deadline);
        foreach ((string name, ChildProcess process) in processes)
            if (!told.Contains(name)) process.SignalGroup(NativeMethods.SigKill);
        await WaitAsync(Task.WhenAll(processes.Values.Select(static process => process.Exited)), ExternalBudget - time.GetElapsedTime(start));
    }

    private static Task WaitAsync(Task ended, TimeSpan atMost) =>
        atMost > TimeSpan.Zero ? Task.WhenAny(ended, Task.Delay(atMost, TimeProvider.System)) : Task.CompletedTask;
}
