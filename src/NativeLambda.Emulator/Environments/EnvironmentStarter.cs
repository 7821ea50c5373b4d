using System.ComponentModel;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>Starts the processes of one environment with what Lambda tells them, and says in Lambda's words why one cannot be started.</summary>
internal sealed class EnvironmentStarter(
    FunctionSettings function, Sandbox sandbox, EnvironmentLog log, string logStreamName, string runtimeApi, string initializationType)
{
    /// <summary>Starts the external extensions.</summary>
    /// <param name="session">Where they will register.</param>
    /// <param name="started">Told of each process and its extension.</param>
    /// <returns>Why one was not started; those before it were.</returns>
    public InitFailure? StartExtensions(RuntimeSession session, Action<ChildProcess, string> started)
    {
        foreach (string file in function.Extensions)
        {
            string name = Path.GetFileName(file);
            try
            {
                if (ExtensionFiles.WhyNot(file, session.Extensions.All.Count) is { } reason)
                {
                    session.Extensions.FailLaunch(name, reason);
                    return InitFailure.OfLaunch($"extension {name}: {reason}");
                }
                started(sandbox.StartExtension(name, function.SpawnExtension(
                    file, logStreamName, runtimeApi, initializationType, sandbox.MembershipFiles, log.WriteOutput, log.WriteError)), name);
            }
            catch (Win32Exception exception)
            {
                session.Extensions.FailLaunch(name, "UnknownError");
                return InitFailure.OfLaunch(exception.Message);
            }
        }
        return null;
    }

    /// <summary>Starts the bootstrap.</summary>
    /// <param name="started">Told of its process.</param>
    /// <returns>Why it was not started.</returns>
    public InitFailure? StartRuntime(Action<ChildProcess> started)
    {
        // The shell that enters the control groups would tell of it by an exit code, which a bootstrap may use as well.
        if (BootstrapFile.WhyNotStarted(function.Bootstrap) is { } reason) return InitFailure.OfEntrypoint($"fork/exec {function.Bootstrap}: {reason}");
        try
        {
            started(sandbox.Start(function.Spawn(
                logStreamName, runtimeApi, initializationType, sandbox.MembershipFiles, log.WriteOutput, log.WriteError)));
            return null;
        }
        catch (Win32Exception exception)
        {
            return InitFailure.OfEntrypoint(exception.Message);
        }
    }
}
