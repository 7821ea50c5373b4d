using System.Diagnostics;
using System.Globalization;

namespace NativeLambda.Emulator.Postgres;

/// <summary>A running postmaster under a small supervisor that outlives us just long enough to end it.</summary>
/// <remarks>
/// The supervisor is a shell, run as the server's user, in a session of its own so that Ctrl-C reaches us and not the server. It
/// holds the read end of a pipe whose write end only we have: when we are gone, even by SIGKILL, it reads the end of the pipe,
/// stops the server and removes the directory. PR_SET_PDEATHSIG would do less: it fires when the *thread* that started the child
/// ends, which for a thread of the pool is a matter of idle seconds.
/// </remarks>
internal sealed class ServerProcess : IDisposable
{
    // $1 directory, $2 postgres, $3 data directory, $4 log. A stopped server (SIGSTOP, in a test) must end as well: immediate
    // shutdown kills children that do not answer, and SIGCONT lets the postmaster get that far.
    private const string Supervisor = """
        trap '' HUP INT TERM
        "$2" -D "$3" </dev/null >>"$4" 2>&1 &
        postmaster=$!
        echo "$postmaster"
        exec 3<&0 >&- 2>&-
        (
          read -r _ <&3
          : >"$1/orphaned"
          kill -QUIT "$postmaster"
          kill -CONT "$postmaster"
        ) &
        watcher=$!
        exec 3<&- </dev/null
        wait "$postmaster"
        code=$?
        kill -KILL "$watcher"
        [ ! -e "$1/orphaned" ] || rm -rf "$1"
        exit "$code"
        """;

    private readonly Process _supervisor;

    private ServerProcess(Process supervisor, int postmasterPid)
    {
        _supervisor = supervisor;
        PostmasterPid = postmasterPid;
    }

    public int PostmasterPid { get; }

    public bool HasExited => _supervisor.HasExited;

    public static async Task<ServerProcess> StartAsync(
        PostgresBinaries binaries, ClusterDirectory directory, ServerUser user, CancellationToken cancellationToken)
    {
        Process supervisor = Start(
            ["setsid", .. user.CommandPrefix, "sh", "-c", Supervisor, "sh", directory.FullName, binaries.Postgres, directory.Data, directory.Log],
            directory.FullName);
        string? pid = await supervisor.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (pid is null)
        {
            string error = await supervisor.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            supervisor.Dispose();
            throw new PostgresServerException($"The PostgreSQL server could not be started: {error.Trim()}");
        }

        return new ServerProcess(supervisor, int.Parse(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>Runs a program of the server to its end, as the server's user, and returns what it wrote.</summary>
    /// <exception cref="PostgresServerException">It failed; the message quotes it.</exception>
    public static async Task<string> RunAsync(
        ServerUser user, string workingDirectory, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Start([.. user.CommandPrefix, program, .. arguments], workingDirectory);
        process.StandardInput.Close();
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw new PostgresServerException(
                    $"{program} failed with exit code {process.ExitCode}{(user.Name is null ? "" : $" (as {user.Name})")}: "
                    + $"{output}{await error.ConfigureAwait(false)}".Trim());
            return output.Trim();
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    public void Signal(int signal) => _ = NativeMethods.Kill(PostmasterPid, signal);

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _supervisor.WaitForExitAsync(cancellationToken);

    public void Dispose() => _supervisor.Dispose();

    private static Process Start(IReadOnlyList<string> command, string workingDirectory)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // One that the server's user can enter, which ours may not be.
            WorkingDirectory = workingDirectory,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C"; // Messages that do not depend on whose machine this is.
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new PostgresServerException($"Cannot run {command[0]}: {e.Message}. setsid and setpriv come with util-linux.", e);
        }
    }
}
