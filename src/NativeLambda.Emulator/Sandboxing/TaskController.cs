using System.Globalization;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>Limits the processes and threads of an environment.</summary>
internal sealed class TaskController(ControllerGroup group)
{
    /// <summary>Sets the limit. 0 lets nobody fork any more, so that who forks as fast as it can be killed comes to an end.</summary>
    public void Limit(int tasks) => group.Write("pids.max", tasks.ToString(CultureInfo.InvariantCulture));
}
