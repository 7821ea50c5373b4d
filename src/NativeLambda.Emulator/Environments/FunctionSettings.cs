using System.Globalization;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>The function as its environments need it: what <see cref="LocalLambdaOptions"/> says, checked.</summary>
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

    public required string Bootstrap { get; init; }

    public required string Name { get; init; }

    public required string Handler { get; init; }

    public required string Region { get; init; }

    public required int MemorySizeMb { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required TimeSpan InitTimeout { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public string TaskRoot => Path.GetDirectoryName(Bootstrap)!;

    public string Arn => $"arn:aws:lambda:{Region}:{AccountId}:function:{Name}";

    /// <summary>How to start the bootstrap of an environment.</summary>
    public SpawnRequest Spawn(
        string logStreamName, string runtimeApi, string initializationType, IReadOnlyList<string> membershipFiles,
        Action<string> outputLine, Action<string> errorLine)
    {
        var request = new SpawnRequest
        {
            File = Bootstrap,
            Environment = EnvironmentVariables(logStreamName, runtimeApi, initializationType),
            WorkingDirectory = TaskRoot,
            OutputLine = outputLine,
            ErrorLine = errorLine,
        };
        return membershipFiles.Count == 0
            ? request
            : request with { File = "/bin/sh", Arguments = ["-c", EnterGroups, "bootstrap", Bootstrap, .. membershipFiles] };
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
            ["AWS_LAMBDA_LOG_FORMAT"] = "Text",
            ["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR",
        };
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
