using System.Text.RegularExpressions;

namespace NativeLambda.Emulator.Environments;

/// <summary>Checks <see cref="LocalLambdaOptions"/> by Lambda's own limits.</summary>
internal static partial class FunctionSettingsReader
{
    // What only Lambda may set. AWS_REGION, PATH, TZ and their like may be overridden here, for the sake of experiments.
    private static readonly string[] Reserved =
    [
        "_HANDLER", "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ];

    /// <exception cref="ArgumentException">An option is out of its limits; the message says which.</exception>
    public static FunctionSettings Read(LocalLambdaOptions options)
    {
        Require(FunctionNamePattern().IsMatch(options.FunctionName), $"function name \"{options.FunctionName}\": 1 to 64 letters, digits, - and _");
        Require(options.MemorySizeMb is >= 128 and <= 10240, $"memory size {options.MemorySizeMb}: 128 to 10240 MB");
        Require(options.Timeout > TimeSpan.Zero && options.Timeout <= TimeSpan.FromMinutes(15), $"timeout {options.Timeout}: over 0, up to 15 minutes");
        Require(options.InitTimeout > TimeSpan.Zero, $"Init timeout {options.InitTimeout}: over 0");
        Require(options.MaxConcurrency > 0, $"maximum concurrency {options.MaxConcurrency}: at least 1");
        foreach (string name in options.Environment.Keys)
        {
            Require(VariablePattern().IsMatch(name), $"environment variable \"{name}\": letters, digits and _, a letter or _ first");
            Require(!Reserved.Contains(name), $"environment variable {name} is reserved: Lambda sets it");
            Require(!options.Environment[name].Contains('\0', StringComparison.Ordinal), $"environment variable {name} contains a NUL character");
        }
        return new FunctionSettings
        {
            Bootstrap = Path.GetFullPath(options.Bootstrap),
            Name = options.FunctionName,
            Handler = options.Handler,
            Region = options.Region,
            MemorySizeMb = options.MemorySizeMb,
            Timeout = options.Timeout,
            InitTimeout = options.InitTimeout,
            Variables = options.Environment,
        };
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z")]
    private static partial Regex FunctionNamePattern();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z")]
    private static partial Regex VariablePattern();
}
