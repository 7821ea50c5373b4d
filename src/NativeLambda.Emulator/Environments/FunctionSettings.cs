using System.Globalization;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Environments;

/// <summary>The function as its environments need it: what <see cref="FunctionOptions"/> says, checked.</summary>
internal sealed record FunctionSettings
{
    /// <summary>Version of every function here.</summary>
    public const string Version = "$LATEST";

    /// <summary>The account of the emulator, as AWS's documents write it.</summary>
    public const string AccountId = "123456789012";

    // Gives every process that enters a control group the time to do so before it becomes the bootstrap: the shell writes its own id
    // and is replaced by the bootstrap, which keeps that id. No child of the bootstrap can be born outside the group.
    private const string EnterGroups =
        "program=$1; shift; for file in \"$@\"; do echo $$ >\"$file\" || exit 126; done; unset PWD OLDPWD SHLVL; exec \"$program\"";

    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: what extensions do not get.
    private static readonly string[] OfTheRuntimeAlone =
    [
        "_HANDLER", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT",
    ];

    public required string Bootstrap { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Handler { get; init; }

    public required string Region { get; init; }

    public required int MemorySizeMb { get; init; }

    public required CpuShare Cpu { get; init; }

    public required int EphemeralStorageMb { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required TimeSpan InitTimeout { get; init; }

    /// <summary>The limit of Init for environments that are started ahead.</summary>
    public required TimeSpan ProvisionedInitTimeout { get; init; }

    public required LogFormat LogFormat { get; init; }

    public required ApplicationLogLevel ApplicationLogLevel { get; init; }

    public required SystemLogLevel SystemLogLevel { get; init; }

    /// <summary>How many environments there may be at once.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>What of the account's concurrency is the function's alone.</summary>
    public int ConcurrencySetAside => ReservedConcurrency ?? ProvisionedConcurrency;

    public required int? ReservedConcurrency { get; init; }

    public required int ProvisionedConcurrency { get; init; }

    public required TimeSpan? IdleTimeout { get; init; }

    public required TimeSpan? MaxAge { get; init; }

    public required int ScalingLimit { get; init; }

    public required AsyncSettings Async { get; init; }

    public required int FunctionUrlPort { get; init; }

    public FunctionUrlInvokeMode InvokeMode { get; init; }

    /// <summary>The files of the external extensions.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public string TaskRoot => Path.GetDirectoryName(Bootstrap)!;

    public string Arn => $"arn:aws:lambda:{Region}:{AccountId}:function:{Name}";

    /// <summary>How to start the bootstrap of an environment.</summary>
    public SpawnRequest Spawn(
        string logStreamName, string runtimeApi, string initializationType, IReadOnlyList<string> membershipFiles,
        Action<string> outputLine, Action<string> errorLine)
    {
        return Spawn(
            Bootstrap, EnvironmentVariables(logStreamName, runtimeApi, initializationType), TaskRoot, membershipFiles, outputLine, errorLine);
    }

    /// <summary>How to start an external extension beside it.</summary>
    public SpawnRequest SpawnExtension(
        string file, string logStreamName, string runtimeApi, string initializationType, IReadOnlyList<string> membershipFiles,
        Action<string> outputLine, Action<string> errorLine)
    {
        var variables = new Dictionary<string, string>(EnvironmentVariables(logStreamName, runtimeApi, initializationType));
        foreach (string name in OfTheRuntimeAlone) variables.Remove(name);
        return Spawn(file, variables, "/", membershipFiles, outputLine, errorLine);
    }

    private static SpawnRequest Spawn(
        string program, IReadOnlyDictionary<string, string> variables, string directory, IReadOnlyList<string> membershipFiles,
        Action<string> outputLine, Action<string> errorLine)
    {
        var request = new SpawnRequest
        {
            File = program,
            Environment = variables,
            WorkingDirectory = directory,
            OutputLine = outputLine,
            ErrorLine = errorLine,
        };
        return membershipFiles.Count == 0
            ? request
            : request with { File = "/bin/sh", Arguments = ["-c", EnterGroups, "bootstrap", program, .. membershipFiles] };
    }

    /// <summary>Lambda's variables, and the user's; nothing of the emulator's own environment.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables(string logStreamName, string runtimeApi, string initializationType)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            ["LD_LIBRARY_PATH"] = $"/lib64:/usr/lib64:{TaskRoot}:{TaskRoot}/lib:/opt/lib",
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["AWS_REGION"] = Region,
            ["AWS_DEFAULT_REGION"] = Region,
            ["AWS_LAMBDA_LOG_FORMAT"] = LoggingNames.Of(LogFormat),
            ["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR",
        };
        if (LogFormat == LogFormat.Json) variables["AWS_LAMBDA_LOG_LEVEL"] = LoggingNames.Of(ApplicationLogLevel);
        foreach ((string name, string value) in Variables) variables[name] = value;
        variables["AWS_LAMBDA_RUNTIME_API"] = runtimeApi;
        variables["AWS_LAMBDA_FUNCTION_NAME"] = Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = Version;
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = MemorySizeMb.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{Name}";
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = logStreamName;
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = initializationType;
        variables["LAMBDA_TASK_ROOT"] = TaskRoot;
        variables["LAMBDA_RUNTIME_DIR"] = "/var/runtime";
        variables["_HANDLER"] = Handler;
        return variables;
    }
}
