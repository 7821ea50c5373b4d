using System.Globalization;
using System.Security.Cryptography;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Faults;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Trials.Soak.Running;

/// <summary>What the trial plays on: a server, a proxy before it, and the function in its environments behind both.</summary>
internal sealed class SoakStage : IAsyncDisposable
{
    /// <summary>The function's timeout.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <summary>A role of others, who take the connection slots.</summary>
    private const string StrangerRole = "soak_stranger";

    private readonly string _strangerPassword = RandomNumberGenerator.GetHexString(24);
    private readonly string _rotatedPassword = RandomNumberGenerator.GetHexString(24);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nativelambda-soak-");
    private int _rotations;

    private SoakStage(PostgresServer server, FaultProxy proxy)
    {
        Server = server;
        Proxy = proxy;
        Database = new DatabaseControl(server, StrangerRole);
    }

    public PostgresServer Server { get; }

    public FaultProxy Proxy { get; }

    /// <summary>The function; there is none before <see cref="StartFunctionAsync"/>.</summary>
    public LocalLambda Lambda { get; private set; } = null!;

    public DatabaseControl Database { get; }

    /// <summary>A name that no other function on this machine has, so that its processes can be found.</summary>
    public string FunctionName { get; } = $"soak-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>What must never come out of anything.</summary>
    public IReadOnlyList<string> Secrets => [Server.Password, _strangerPassword, _rotatedPassword];

    private string PasswordFile => Path.Combine(_folder.FullName, "pgpass");

    /// <summary>Npgsql connection string of the others.</summary>
    public string StrangerConnectionString => DatabaseControl.ConnectionStringFor(Server, StrangerRole, _strangerPassword);

    /// <summary>Starts server and proxy, and applies the schema that stands beside the bootstrap.</summary>
    public static async Task<SoakStage> StartAsync(SoakOptions options, CancellationToken cancellationToken)
    {
        PostgresServer server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Settings = new Dictionary<string, string>
                {
                    // Flows that are dropped silently hold their slots until the guards find them.
                    ["max_connections"] = ((4 * options.Environments) + 10).ToString(CultureInfo.InvariantCulture),
                    ["authentication_timeout"] = "5s",
                    ["log_connections"] = "on",
                },
            },
            cancellationToken);
        var stage = new SoakStage(server, new FaultProxy(server.Port, keepsHistory: false));
        try
        {
            await server.ExecuteFileAsync(Path.Combine(Path.GetDirectoryName(options.Bootstrap)!, "schema.sql"), cancellationToken);
            await stage.Database.CreateRoleAsync(StrangerRole, stage._strangerPassword);
            await stage.WritePasswordFileAsync(server.Password);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the Lambda service; no environment yet.</summary>
    public async Task StartFunctionAsync(SoakOptions options, Action<LogLine> sink)
    {
        var variables = new Dictionary<string, string>(Server.EnvironmentVariables)
        {
            ["PGPORT"] = Proxy.Port.ToString(CultureInfo.InvariantCulture),
            ["PGPASSFILE"] = PasswordFile,
            // Short, so that lulls and minutes meet all of them.
            ["NATIVELAMBDA_IDLE_DISCONNECT"] = "4s",
            ["NATIVELAMBDA_MAX_IDLE"] = "6s",
            ["NATIVELAMBDA_MAX_LIFETIME"] = "8s",
            ["NATIVELAMBDA_STATEMENT_TIMEOUT"] = "8s",
            // The most that is kept; a machine may be busy with other tests.
            ["NATIVELAMBDA_DEADLINE_MARGIN"] = "800ms",
            ["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG",
        };
        variables.Remove("PGPASSWORD");
        if (options.Processors is { } processors)
            variables["DOTNET_PROCESSOR_COUNT"] = processors.ToString(CultureInfo.InvariantCulture);
        Lambda = await LocalLambda.StartAsync(new LocalLambdaOptions
        {
            Bootstrap = options.Bootstrap,
            FunctionName = FunctionName,
            Environment = variables,
            Timeout = Timeout,
            MaxConcurrency = options.Environments,
            LogSink = sink,
        });
    }

    /// <summary>Gives the function's role another password, and the function a file with that.</summary>
    public async Task RotatePasswordAsync()
    {
        string password = string.Create(CultureInfo.InvariantCulture, $"{_rotatedPassword}{++_rotations}");
        await Database.SetPasswordAsync(Server.User, password);
        await WritePasswordFileAsync(password);
    }

    /// <summary>Puts a whole file in the place of the other, so that nobody reads half of one.</summary>
    private async Task WritePasswordFileAsync(string password)
    {
        string next = PasswordFile + ".next";
        await File.WriteAllTextAsync(next, $"*:*:*:*:{password}\n");
        File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(next, PasswordFile, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (Lambda is not null)
            await Lambda.DisposeAsync();
        _folder.Delete(recursive: true);
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
    }
}
