using System.CommandLine;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.Emulator.Cli;

/// <summary><c>lambda-emulator run</c>: one function, until Ctrl-C or SIGTERM.</summary>
internal sealed class RunCommand : Command
{
    private readonly Argument<string> _bootstrap = new("bootstrap") { Description = "the bootstrap: an executable for this machine, or a script" };
    private readonly Option<string> _name = new("--function-name") { Description = "the function's name", DefaultValueFactory = static _ => "function" };
    private readonly Option<int> _port = new("--port") { Description = "port of the Invoke API; 0 takes a free one", DefaultValueFactory = static _ => 9001 };
    private readonly Option<int> _urlPort = new("--url-port") { Description = "port of the function URL; 0 takes a free one", DefaultValueFactory = static _ => 0 };
    private readonly Option<int> _memory = new("--memory") { Description = "memory size in MB (reported, not limited yet)", DefaultValueFactory = static _ => 128 };
    private readonly Option<double> _timeout = Seconds("--timeout", "the function's timeout in seconds", 3);
    private readonly Option<double> _initTimeout = Seconds("--init-timeout", "limit of the Init phase in seconds", 10);
    private readonly Option<int> _maxConcurrency = new("--max-concurrency") { Description = "environments at once; 429 beyond", DefaultValueFactory = static _ => 10 };
    private readonly Option<string> _freeze = new("--freeze") { Description = "how environments are frozen", DefaultValueFactory = static _ => "auto" };
    private readonly Option<string[]> _variables = new("--env") { Description = "NAME=VALUE, an environment variable of the function; visible in ps: secrets belong into --env-file" };
    private readonly Option<string[]> _variableFiles = new("--env-file") { Description = "file of NAME=VALUE lines" };
    private readonly Option<bool> _postgres = new("--postgres") { Description = "start a throwaway PostgreSQL with TLS and pass its PG* variables to the function" };
    private readonly Option<string[]> _schemas = new("--schema") { Description = "SQL file to run on that server first" };

    public RunCommand()
        : base("run", "Runs one function until Ctrl-C.\n\nExample:\n  lambda-emulator run publish/bootstrap --timeout 10 --env-file .env --postgres --schema schema.sql")
    {
        Arguments.Add(_bootstrap);
        foreach (Option option in (Option[])[_name, _port, _urlPort, _memory, _timeout, _initTimeout, _maxConcurrency, _freeze, _variables, _variableFiles, _postgres, _schemas])
            Options.Add(option);
        _freeze.AcceptOnlyFromAmong("auto", "cgroup", "cgroup-v2", "cgroup-v1", "signal");
        Validators.Add(result =>
        {
            if (result.GetResult(_schemas) is not null && !result.GetValue(_postgres)) result.AddError("--schema needs --postgres: there is no other server to run it on");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var stop = StopSignal.Listen(cancellation);
        try
        {
            await using PostgresServer? postgres = await StartPostgresAsync(parsed, stop.Token);
            var console = new ConsoleLog(Console.Out, colours: !Console.IsOutputRedirected);
            LocalLambdaOptions options = ReadOptions(parsed, postgres) with { LogSink = console.Write };
            await using LocalLambda lambda = await LocalLambda.StartAsync(options, stop.Token);
            Banner.Write(Console.Out, lambda, options);
            await stop.WaitAsync();
            return 0;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0; // stopped before it had started
        }
        catch (Exception exception) when (
            exception is ArgumentException or BootstrapException or FreezeException or PortTakenException or PostgresServerException or EnvironmentFileException)
        {
            await Console.Error.WriteLineAsync($"lambda-emulator: {exception.Message}");
            return 1;
        }
    }

    private async Task<PostgresServer?> StartPostgresAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] schemas = parsed.GetValue(_schemas) ?? [];
        foreach (string schema in schemas)
            if (!File.Exists(schema)) throw new ArgumentException($"--schema {schema}: no such file");
        if (!parsed.GetValue(_postgres)) return null;
        await Console.Error.WriteLineAsync("starting PostgreSQL …");
        PostgresServer server = await PostgresServer.StartAsync(options: null, cancellation);
        try
        {
            foreach (string schema in schemas) await ExecuteSchemaAsync(server, schema, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private LocalLambdaOptions ReadOptions(ParseResult parsed, PostgresServer? postgres)
    {
        var variables = new Dictionary<string, string>(postgres?.EnvironmentVariables ?? new Dictionary<string, string>());
        foreach (string file in parsed.GetValue(_variableFiles) ?? [])
            foreach ((string name, string value) in EnvironmentFile.Read(file)) variables[name] = value;
        foreach (string assignment in parsed.GetValue(_variables) ?? [])
        {
            (string name, string value) = EnvironmentFile.Split(assignment)
                ?? throw new ArgumentException("--env takes NAME=VALUE"); // without the value: it may be a secret
            variables[name] = value;
        }
        return new LocalLambdaOptions
        {
            Bootstrap = parsed.GetRequiredValue(_bootstrap),
            FunctionName = parsed.GetRequiredValue(_name),
            Port = parsed.GetValue(_port),
            FunctionUrlPort = parsed.GetValue(_urlPort),
            MemorySizeMb = parsed.GetValue(_memory),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
            InitTimeout = TimeSpan.FromSeconds(parsed.GetValue(_initTimeout)),
            MaxConcurrency = parsed.GetValue(_maxConcurrency),
            FreezeMethod = ReadFreezeMethod(parsed.GetRequiredValue(_freeze)),
            Environment = variables,
        };
    }

    private static async Task ExecuteSchemaAsync(PostgresServer server, string schema, CancellationToken cancellation)
    {
        try
        {
            await server.ExecuteFileAsync(schema, cancellation);
        }
        catch (NpgsqlException exception)
        {
            throw new ArgumentException($"--schema {schema}: {exception.Message}", exception);
        }
    }

    private static Option<double> Seconds(string name, string description, int seconds)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => seconds };
        option.Validators.Add(result =>
        {
            // What is no number at all is the parser's to report.
            if (result.Tokens is [{ Value: var text }] && double.TryParse(text, out double value) && value is not (> 0 and < 1e6))
                result.AddError($"{name} {text}: a number of seconds over 0");
        });
        return option;
    }

    private static FreezeMethod ReadFreezeMethod(string name) => name switch
    {
        "cgroup" => CgroupMount.FindV2() is null ? FreezeMethod.CgroupV1 : FreezeMethod.CgroupV2,
        "cgroup-v2" => FreezeMethod.CgroupV2,
        "cgroup-v1" => FreezeMethod.CgroupV1,
        "signal" => FreezeMethod.Signal,
        _ => FreezeMethod.Auto,
    };
}
