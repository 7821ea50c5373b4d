using System.Globalization;
using System.Text;

namespace NativeLambda.Emulator.Processes;

/// <summary>Ends the environments when the emulator ends without doing so, even by SIGKILL.</summary>
/// <remarks>
/// A shell that reads from a pipe whose other end only the emulator holds: the kernel closes it, however the emulator dies, and the
/// shell then kills the process groups it was told of and clears the control groups. Preferred to PR_SET_PDEATHSIG, which is bound to
/// the thread that forked (threads of the pool come and go), is not inherited by children of the bootstrap, has no effect on a process
/// frozen by control groups version 1 until somebody thaws it, and removes no control group.
/// </remarks>
internal sealed class Watchdog : IAsyncDisposable
{
    private const string Script = """
        trap '' HUP INT QUIT TERM
        groups=' '
        while read -r verb group; do
          case $verb in
            +) groups="$groups$group " ;;
            -) case $groups in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
          esac
        done
        for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
        attempt=0
        while [ $attempt -lt 200 ]; do
          left=
          for directory; do
            [ -e "$directory/cgroup.procs" ] || { rm -rf -- "$directory" || left=1; continue; }
            for environment in "$directory"/*/; do
              [ -d "$environment" ] || continue
              [ -e "$environment/pids.max" ] && echo 0 >"$environment/pids.max"
              while read -r process; do kill -s KILL -- "$process"; done <"$environment/cgroup.procs"
              [ -e "$environment/freezer.state" ] && echo THAWED >"$environment/freezer.state"
              rmdir "$environment"
            done
            [ ! -d "$directory" ] || rmdir "$directory" || left=1
          done
          [ -n "$left" ] || break
          sleep 0.05
          attempt=$((attempt + 1))
        done 2>/dev/null
        """;

    private readonly Lock _gate = new();
    private readonly ChildProcess _shell;

    private Watchdog(ChildProcess shell) => _shell = shell;

    /// <summary>The process that watches.</summary>
    public int ProcessId => _shell.Id;

    /// <summary>Starts the shell. It is told the control groups to clear, each of which holds one for every environment, and directories to delete.</summary>
    public static Watchdog Start(ProcessMonitor monitor, IReadOnlyList<string> directories) => new(monitor.Start(new SpawnRequest
    {
        File = "/bin/sh",
        Arguments = ["-c", Script, "lambda-emulator-watchdog", .. directories],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" },
        PipeInput = true,
    }));

    /// <summary>Tells of a new process group.</summary>
    public void Add(int processGroup) => Tell('+', processGroup);

    /// <summary>Tells that a process group has ended: its id may soon be another's.</summary>
    public void Remove(int processGroup) => Tell('-', processGroup);

    /// <summary>Lets the shell end, which finds nothing more to do.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate) _shell.Input!.Dispose();
        await _shell.Exited;
    }

    private void Tell(char verb, int processGroup)
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{verb} {processGroup}\n"));
        lock (_gate)
        {
            // Once somebody has killed the shell, nobody listens: then only an orderly end of the emulator ends the environments.
            if (!_shell.Exited.IsCompleted) _shell.Input!.Write(line);
        }
    }
}
