using System.Globalization;
using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Postgres;

/// <summary>
/// The directory of one throwaway cluster below the temporary directory, gone when this is disposed.
/// </summary>
/// <remarks>
/// Its name carries our process id and a file in it is locked as long as we live, so that a later start can tell the leftovers of
/// a crash from a neighbour's cluster even where process ids are reused or hidden by a container.
/// </remarks>
internal sealed class ClusterDirectory : IDisposable
{
    private const string Prefix = "nativelambda-postgres-";
    private readonly FileStream _lock;

    private ClusterDirectory(string path, FileStream @lock)
    {
        FullName = path;
        _lock = @lock;
    }

    public string FullName { get; }

    /// <summary>The server's data directory.</summary>
    public string Data => Path.Combine(FullName, "data");

    /// <summary>Directory of the Unix socket, closed to other users.</summary>
    public string Socket => Path.Combine(FullName, "socket");

    /// <summary>Directory of the certificates and the key.</summary>
    public string Tls => Path.Combine(FullName, "tls");

    /// <summary>What the server writes to its standard error.</summary>
    public string Log => Path.Combine(FullName, "server.log");

    public static ClusterDirectory Create(ServerUser user)
    {
        RemoveLeftovers();
        string path = Directory.CreateTempSubdirectory(
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-")).FullName;
        var created = new ClusterDirectory(path, LockFile(path));
        // Others may pass through to the root certificate; what is secret lies in directories of its own.
        File.SetUnixFileMode(path, Mode("rwxr-xr-x"));
        user.Own(path);
        foreach ((string directory, string mode) in new[]
                 { (created.Data, "rwx------"), (created.Socket, "rwx------"), (created.Tls, "rwxr-xr-x") })
        {
            Directory.CreateDirectory(directory, Mode(mode));
            user.Own(directory);
        }

        return created;
    }

    /// <summary>Writes a file that only the server's user may read.</summary>
    public static void WriteSecret(string path, string content, ServerUser user)
    {
        File.Delete(path);
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Mode("rw-------"),
        }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(content);
        }

        user.Own(path);
    }

    /// <summary>Every process that works in the data directory: the postmaster and its children, whoever started them.</summary>
    public static IReadOnlyList<int> ProcessesIn(string dataDirectory)
    {
        var found = new List<int>();
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out int pid))
                continue;
            try
            {
                if (File.ResolveLinkTarget(directory + "/cwd", returnFinalTarget: false)?.FullName == dataDirectory)
                    found.Add(pid);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended in between, or is another user's, hence no server of ours.
            }
        }

        return found;
    }

    /// <summary>Whether a process is stopped by a signal, or has ended.</summary>
    public static bool IsStopped(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/status").Contains("\nState:\tT", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        Remove(FullName);
        _lock.Dispose();
    }

    private static FileStream LockFile(string directory) =>
        new(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void RemoveLeftovers()
    {
        foreach (string path in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            string pid = Path.GetFileName(path)[Prefix.Length..].Split('-')[0];
            if (!int.TryParse(pid, CultureInfo.InvariantCulture, out int owner) || IsAlive(owner))
                continue;
            try
            {
                using FileStream held = LockFile(path);
                Remove(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Locked by a living owner in another process namespace, another user's, or being removed by a neighbour just now.
            }
        }
    }

    private static bool IsAlive(int pid) =>
        NativeMethods.Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != NativeMethods.NoSuchProcess;

    private static void Remove(string path)
    {
        string data = Path.Combine(path, "data");
        foreach (int pid in ProcessesIn(data))
            _ = NativeMethods.Kill(pid, NativeMethods.SignalKill);
        // A dying backend may still write its last file, which would make the deletion of its directory fail.
        SpinWait.SpinUntil(() => ProcessesIn(data).Count == 0, TimeSpan.FromSeconds(10));
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private static UnixFileMode Mode(string letters)
    {
        UnixFileMode mode = UnixFileMode.None;
        for (int i = 0; i < letters.Length; i++)
            if (letters[i] != '-')
                mode |= (UnixFileMode)(1 << (8 - i));
        return mode;
    }
}
