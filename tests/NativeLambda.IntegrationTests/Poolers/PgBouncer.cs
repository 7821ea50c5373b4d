using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Poolers;

/// <summary>A real PgBouncer before the database of a test. It dies with the process that started it.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly Process _supervisor;
    private readonly string _folder;

    private PgBouncer(Process supervisor, string folder, int port, Dictionary<string, string> variables)
    {
        _supervisor = supervisor;
        _folder = folder;
        EnvironmentVariables = variables;
        variables["PGPORT"] = port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>libpq's variables for a client of the pooler: what a user changes to go through it is the port.</summary>
    public Dictionary<string, string> EnvironmentVariables { get; }

    /// <summary>The program, or <see langword="null"/> where it is not installed.</summary>
    public static string? Program => new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    /// <param name="database">The database behind it.</param>
    /// <param name="mode"><c>session</c> or <c>transaction</c>.</param>
    /// <param name="more">More lines of its configuration.</param>
    public static async Task<PgBouncer> StartAsync(TestDatabase database, string mode, string more = "")
    {
        Dictionary<string, string> variables = database.EnvironmentVariables(plainText: true);
        string folder = Directory.CreateTempSubdirectory("nativelambda-pgbouncer-").FullName;
        int port = FreePort.Find();
        string configuration = Path.Combine(folder, "pgbouncer.ini");
        string users = Path.Combine(folder, "users.txt");
        await File.WriteAllTextAsync(users, $"\"{variables["PGUSER"]}\" \"{variables["PGPASSWORD"]}\"\n");
        await File.WriteAllTextAsync(configuration, $"""
            [databases]
            {database.Name} = host=127.0.0.1 port={variables["PGPORT"]} dbname={database.Name}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = {mode}
            default_pool_size = 5
            logfile = {Path.Combine(folder, "log")}
            {more}

            """);

        ServerUser user = ServerUser.Choose();
        foreach (string path in new[] { folder, configuration, users })
            user.Own(path);

        // The shell waits for the end of its input, which comes with the end of whoever holds the other side.
        string command = $"{string.Join(' ', user.CommandPrefix)} {Program} -q {configuration} & read _; kill -s KILL $!; wait";
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", command }, RedirectStandardInput = true };
        var bouncer = new PgBouncer(Process.Start(start)!, folder, port, variables);
        await Eventually.IsTrueAsync(async () => await bouncer.AnswersAsync());
        return bouncer;
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_supervisor.HasExited, "The shell that runs PgBouncer has ended.");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, int.Parse(EnvironmentVariables["PGPORT"], CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            // It does not listen yet.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
