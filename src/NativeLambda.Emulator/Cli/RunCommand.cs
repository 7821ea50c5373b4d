using System.CommandLine;
using System.Globalization;
using NativeLambda.Configuration;
using NativeLambda.Emulator.Configuration;
using NativeLambda.Emulator.Faults;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Postgres;
using NativeLambda.Emulator.Sandboxing;
using Npgsql;

namespace NativeLambda.Emulator.Cli;

/// <summary><c>lambda-emulator run</c>: one function, or those of a configuration file, until Ctrl-C or SIGTERM.</summary>
internal sealed class RunCommand : Command
{
    private const string Help = """
        Runs one function, or several from a file, until Ctrl-C.

        Examples:
          lambda-emulator run publish/bootstrap
          lambda-emulator run publish/bootstrap --timeout 10 --env-file .env --postgres --schema schema.sql
          lambda-emulator run publish/bootstrap --provisioned 3 --idle-timeout 300
          lambda-emulator run emulator.json --json | jq .
          lambda-emulator run aws-lambda-tools-defaults.json --bootstrap publish/bootstrap
        """;

    private readonly Argument<string> _target = new("target")
    {
        Description = "a bootstrap (an executable for this machine, or a script), an emulator.json, or an aws-lambda-tools-defaults.json",
    };

    private readonly FunctionFlags _function = new();
    private readonly Option<string?> _bootstrap = new("--bootstrap") { Description = "the bootstrap of an aws-lambda-tools-defaults.json; without it the newest bin/…/publish/bootstrap beside the file" };
    private readonly Option<int> _port = new("--port") { Description = "port of the Invoke API; 0 takes a free one", DefaultValueFactory = static _ => 9001 };
    private readonly Option<int> _account = new("--account-concurrency") { Description = "invocations at once over all functions", DefaultValueFactory = static _ => 1000 };
    private readonly NetworkFlags _network = new();
    private readonly Option<string> _freeze = new("--freeze") { Description = "how environments are frozen", DefaultValueFactory = static _ => "auto" };
    private readonly Option<string[]> _variables = new("--env") { Description = "NAME=VALUE, an environment variable of the functions; visible in ps: secrets belong into --env-file" };
    private readonly Option<string[]> _variableFiles = new("--env-file") { Description = "file of NAME=VALUE lines" };
    private readonly Option<bool> _postgres = new("--postgres") { Description = "start a throwaway PostgreSQL with TLS and pass its PG* variables to the functions" };
    private readonly Option<string[]> _schemas = new("--schema") { Description = "SQL file to run on that server first" };
    private readonly Option<bool> _json = new("--json") { Description = "write events as lines of JSON: environments, invocations, reports, logs" };

    private readonly Option<bool> _faults = new("--faults") { Description = "put a proxy before that server, whose network the dashboard can cut" };
    private readonly Option<int?> _dashboardPort = new("--dashboard-port") { Description = $"port of the dashboard; 0 takes a free one [default: {DashboardPort.Usual}, or a free one where that is taken]" };

    public RunCommand() : base("run", Help)
    {
        Arguments.Add(_target);
        foreach (Option option in (Option[])[.. _function.All, _bootstrap, _port, _account, .. _network.All, _freeze, _variables, _variableFiles, _postgres, _schemas, _faults, _dashboardPort, _json])
            Options.Add(option);
        _freeze.AcceptOnlyFromAmong(FreezeMethodNames.All);
        Validators.Add(result =>
        {
            if (result.GetResult(_schemas) is not null && !result.GetValue(_postgres)) result.AddError("--schema needs --postgres: there is no other server to run it on");
            if (result.GetValue(_faults) && !result.GetValue(_postgres)) result.AddError("--faults needs --postgres: there is no other server to put a proxy before");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var stop = StopSignal.Listen(cancellation);
        IConsole console = parsed.GetValue(_json) ? new JsonConsole(Terminal.Output) : new TextConsole(Terminal.Output, Terminal.Error, colours: Terminal.HasColours);
        try
        {
            await using PostgresServer? postgres = await StartPostgresAsync(parsed, console, stop.Token);
            await using FaultProxy? network = parsed.GetValue(_faults) ? new FaultProxy(postgres!.Port, keepsHistory: false) : null;
            LocalLambdaOptions options = _network.Apply(parsed, ReadOptions(parsed, postgres, network, console)) with { LogSink = console.Write };
            await using (LocalLambda lambda = await LocalLambda.StartAsync(options, stop.Token))
            {
                await console.ShowAsync(lambda, options, stop.Token);
                console.Progress($"ending the environments ({lambda.Environments.Count}); once more Ctrl-C ends them at once");
            }
            return 0;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0; // stopped before it had started
        }
        catch (Exception exception) when (
            exception is ArgumentException or BootstrapException or FreezeException or SandboxException or PortTakenException or PostgresServerException
                or EnvironmentFileException or ConfigurationException)
        {
            await Terminal.Error.WriteLineAsync($"lambda-emulator: {exception.Message}");
            return 1;
        }
    }

    private async Task<PostgresServer?> StartPostgresAsync(ParseResult parsed, IConsole console, CancellationToken cancellation)
    {
        string[] schemas = parsed.GetValue(_schemas) ?? [];
        foreach (string schema in schemas)
            if (!File.Exists(schema)) throw new ArgumentException($"--schema {schema}: no such file");
        if (!parsed.GetValue(_postgres)) return null;
        console.Tell("starting PostgreSQL …");
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

    private LocalLambdaOptions ReadOptions(ParseResult parsed, PostgresServer? postgres, FaultProxy? network, IConsole console)
    {
        var variables = new Dictionary<string, string>(postgres?.EnvironmentVariables ?? new Dictionary<string, string>());
        if (network is not null) variables["PGPORT"] = network.Port.ToString(CultureInfo.InvariantCulture);
        foreach (string file in parsed.GetValue(_variableFiles) ?? [])
            foreach ((string name, string value) in EnvironmentFile.Read(file)) variables[name] = value;
        foreach (string assignment in parsed.GetValue(_variables) ?? [])
        {
            (string name, string value) = EnvironmentFile.Split(assignment)
                ?? throw new ArgumentException("--env takes NAME=VALUE"); // without the value: it may be a secret
            variables[name] = value;
        }
        LocalLambdaOptions options = ReadTarget(parsed, variables, console);
        return options with
        {
            Port = IsGiven(parsed, _port) ? parsed.GetValue(_port) : options.Port,
            AccountConcurrency = IsGiven(parsed, _account) ? parsed.GetValue(_account) : options.AccountConcurrency,
            FreezeMethod = IsGiven(parsed, _freeze) ? FreezeMethodNames.Read(parsed.GetRequiredValue(_freeze)) : options.FreezeMethod,
            DashboardPort = DashboardPort.Choose(parsed.GetValue(_dashboardPort)),
            DashboardDatabase = postgres is null ? null : new DashboardDatabase { Server = postgres, Network = network },
        };
    }

    private LocalLambdaOptions ReadTarget(ParseResult parsed, Dictionary<string, string> variables, IConsole console)
    {
        string target = parsed.GetRequiredValue(_target);
        if (Path.GetFileName(target) == LambdaToolsDefaults.FileName)
        {
            LocalLambdaOptions defaults = _function.Apply(parsed, LambdaToolsDefaults.Read(target, variables, console.Tell));
            string bootstrap = parsed.GetValue(_bootstrap) ?? defaults.Bootstrap;
            return bootstrap.Length > 0
                ? defaults with { Bootstrap = bootstrap }
                : throw new BootstrapException($"{target}: no bin/…/publish/bootstrap beside it: publish the function, or name its bootstrap by --bootstrap");
        }
        if (parsed.GetValue(_bootstrap) is not null) throw new ArgumentException($"--bootstrap belongs to an {LambdaToolsDefaults.FileName}");
        if (!target.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return _function.Apply(parsed, new LocalLambdaOptions { Bootstrap = target, Environment = variables, Port = 9001, Cpu = CpuShare.ByMemorySize, EphemeralStorageMb = FunctionOptions.LambdaEphemeralStorageMb });
        if (_function.Given(parsed).FirstOrDefault() is { } misplaced)
            throw new ArgumentException($"{misplaced.Name} is a function's: it belongs into {target}");
        return EmulatorConfiguration.Read(target, variables);
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

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
}
