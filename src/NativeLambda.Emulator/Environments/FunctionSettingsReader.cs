using System.Text.RegularExpressions;
using NativeLambda.Emulator.Functions;

namespace NativeLambda.Emulator.Environments;

/// <summary>Checks the options of functions by Lambda's own limits.</summary>
internal static partial class FunctionSettingsReader
{
    // What only Lambda may set. It reserves AWS_REGION and the credentials, too: here a function that calls AWS gets them from its user,
    // and AWS_REGION, TZ and their like may be overridden for the sake of experiments.
    private static readonly string[] Reserved =
    [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_EXECUTION_ENV", "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ];

    // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: 130 s or the function's timeout, whichever is longer.
    private static readonly TimeSpan LeastProvisionedInit = TimeSpan.FromSeconds(130);

    /// <summary>All functions of a service.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits, or a name is given twice; the message says which.</exception>
    public static IReadOnlyList<FunctionSettings> ReadAll(LocalLambdaOptions options)
    {
        Require(options.Port is >= 0 and <= 65535, $"port {options.Port}: 0 to 65535");
        if (options.Functions.Count == 0) return [Read(options, options.Region)];
        Require(options.Bootstrap.Length == 0, "either one bootstrap or a list of functions, not both");
        FunctionSettings[] all = [.. options.Functions.Select(function => Read(function, options.Region))];
        foreach (IGrouping<string, FunctionSettings> named in all.GroupBy(static function => function.Name))
            Require(named.Count() == 1, $"{named.Count()} functions are named {named.Key}");
        return all;
    }

    /// <summary>One function.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits; the message says which.</exception>
    public static FunctionSettings Read(FunctionOptions options, string region)
    {
        Require(FunctionNamePattern().IsMatch(options.FunctionName), $"function name \"{options.FunctionName}\": 1 to 64 letters, digits, - and _");
        Require(options.Bootstrap.Length > 0, $"function {options.FunctionName} has no bootstrap");
        Require(options.MemorySizeMb is >= 128 and <= 10240, $"memory size {options.MemorySizeMb}: 128 to 10240 MB");
        Require(
            options.EphemeralStorageMb is 0 or (>= 512 and <= 10240),
            $"ephemeral storage {options.EphemeralStorageMb}: 512 to 10240 MB, or 0 for the machine's own /tmp");
        Require(options.Timeout > TimeSpan.Zero && options.Timeout <= TimeSpan.FromMinutes(15), $"timeout {options.Timeout}: over 0, up to 15 minutes");
        Require(options.InitTimeout is null || options.InitTimeout > TimeSpan.Zero, $"Init timeout {options.InitTimeout}: over 0");
        RequireConcurrency(options);
        Require(options.FunctionUrlPort is >= 0 and <= 65535, $"port {options.FunctionUrlPort} of the function URL: 0 to 65535");
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
            Description = options.Description,
            Handler = options.Handler,
            Region = region,
            MemorySizeMb = options.MemorySizeMb,
            Cpu = options.Cpu,
            EphemeralStorageMb = options.EphemeralStorageMb,
            Timeout = options.Timeout,
            InitTimeout = options.InitTimeout ?? FunctionOptions.LambdaInitTimeout,
            ProvisionedInitTimeout = options.InitTimeout ?? (options.Timeout > LeastProvisionedInit ? options.Timeout : LeastProvisionedInit),
            LogFormat = options.LogFormat,
            ApplicationLogLevel = options.ApplicationLogLevel,
            SystemLogLevel = options.SystemLogLevel,
            MaxConcurrency = options.ReservedConcurrency ?? options.MaxConcurrency,
            ReservedConcurrency = options.ReservedConcurrency,
            ProvisionedConcurrency = options.ProvisionedConcurrency,
            IdleTimeout = options.IdleTimeout,
            MaxAge = options.MaxAge,
            ScalingLimit = options.ScalingLimit,
            Async = ReadAsync(options),
            FunctionUrlPort = options.FunctionUrlPort,
            InvokeMode = options.InvokeMode,
            Extensions = ExtensionFiles.Find(Path.GetDirectoryName(Path.GetFullPath(options.Bootstrap))!, options.ExtensionsDirectory),
            Variables = options.Environment,
        };
    }

    private static AsyncSettings ReadAsync(FunctionOptions options)
    {
        Require(options.MaximumRetryAttempts is >= 0 and <= 2, $"maximum retry attempts {options.MaximumRetryAttempts}: 0 to 2");
        Require(
            options.MaximumEventAge > TimeSpan.Zero && options.MaximumEventAge <= TimeSpan.FromHours(6),
            $"maximum event age {options.MaximumEventAge}: over 0, up to 6 hours");
        Require(options.RetryDelay >= TimeSpan.Zero, $"retry delay {options.RetryDelay}: at least 0");
        return new AsyncSettings
        {
            MaximumRetryAttempts = options.MaximumRetryAttempts,
            MaximumEventAge = options.MaximumEventAge,
            RetryDelay = options.RetryDelay,
            DeadLetterFile = options.DeadLetterFile is { } file ? Path.GetFullPath(file) : null,
        };
    }

    private static void RequireConcurrency(FunctionOptions options)
    {
        Require(options.MaxConcurrency > 0, $"maximum concurrency {options.MaxConcurrency}: at least 1");
        Require(options.ReservedConcurrency is null or >= 0, $"reserved concurrency {options.ReservedConcurrency}: at least 0");
        int most = options.ReservedConcurrency ?? options.MaxConcurrency;
        Require(
            options.ProvisionedConcurrency >= 0 && options.ProvisionedConcurrency <= most,
            $"provisioned concurrency {options.ProvisionedConcurrency}: 0 to the function's {most}");
        Require(options.IdleTimeout is null || options.IdleTimeout > TimeSpan.Zero, $"idle timeout {options.IdleTimeout}: over 0");
        Require(options.MaxAge is null || options.MaxAge > TimeSpan.Zero, $"maximum age {options.MaxAge}: over 0");
        Require(options.ScalingLimit > 0, $"scaling limit {options.ScalingLimit}: at least 1");
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
