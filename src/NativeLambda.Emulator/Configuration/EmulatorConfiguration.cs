using System.Runtime.InteropServices;
using NativeLambda.Configuration;
using NativeLambda.Emulator.Cli;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Configuration;

/// <summary>Reads <c>emulator.json</c>: the functions of a service and its own settings. Paths are relative to the file.</summary>
public static class EmulatorConfiguration
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variables">Environment variables of all functions, which the file's own override.</param>
    /// <returns>Options to which sinks, clocks and the like may be added.</returns>
    /// <exception cref="ConfigurationException">The file is not as it should be; the message says where and how.</exception>
    public static LocalLambdaOptions Read(string path, IReadOnlyDictionary<string, string>? variables = null) =>
        Read(path, ConfigParser.ReadFile(path, trailingCommas: true), variables ?? new Dictionary<string, string>());

    internal static LocalLambdaOptions Read(string path, ConfigNode root, IReadOnlyDictionary<string, string> variables)
    {
        var file = new ConfigObject(new ConfigFile(path), root);
        file.Text("$schema");
        string region = file.Text("region") ?? "us-east-1";
        IReadOnlyList<ConfigObject> functions = file.Objects("functions");
        var defaults = new LocalLambdaOptions();
        LocalLambdaOptions options = defaults with
        {
            Region = region,
            Port = file.Integer("port") ?? 9001,
            AccountConcurrency = file.Integer("accountConcurrency") ?? defaults.AccountConcurrency,
            FreezeMethod = FreezeMethodNames.Read(file.Choice("freeze", FreezeMethodNames.All) ?? "auto"),
            IsolateNetwork = file.Flag("isolateNetwork") ?? defaults.IsolateNetwork,
            HostPorts = file.Ports("hostPorts"),
            Functions = [.. functions.Select(function => ReadFunction(path, function, region, variables))],
        };
        file.RequireNoMore();
        foreach (IGrouping<string, FunctionOptions> named in options.Functions.GroupBy(static function => function.FunctionName))
            if (named.Count() > 1) throw functions.Last(function => function.RequiredText("name") == named.Key).Wrong("name", $"another function is named {named.Key}");
        return options;
    }

    private static FunctionOptions ReadFunction(string path, ConfigObject function, string region, IReadOnlyDictionary<string, string> variables)
    {
        var defaults = new FunctionOptions();
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        RequireArchitecture(function, "architecture");
        var options = new FunctionOptions
        {
            FunctionName = function.RequiredText("name"),
            Bootstrap = Path.Combine(folder, function.RequiredText("bootstrap")),
            Description = function.Text("description") ?? defaults.Description,
            Handler = function.Text("handler") ?? defaults.Handler,
            MemorySizeMb = function.Integer("memory") ?? defaults.MemorySizeMb,
            Cpu = CpuShareNames.Read(function.Choice("cpu", CpuShareNames.All) ?? CpuShareNames.ByMemory),
            EphemeralStorageMb = function.Integer("ephemeralStorage") ?? FunctionOptions.LambdaEphemeralStorageMb,
            Timeout = function.Seconds("timeout") ?? defaults.Timeout,
            InitTimeout = function.Seconds("initTimeout"),
            MaxConcurrency = function.Integer("maxConcurrency") ?? defaults.MaxConcurrency,
            ReservedConcurrency = function.Integer("reservedConcurrency"),
            ProvisionedConcurrency = function.Integer("provisionedConcurrency") ?? defaults.ProvisionedConcurrency,
            IdleTimeout = function.Seconds("idleTimeout"),
            MaxAge = function.Seconds("maxAge"),
            ScalingLimit = function.Integer("scalingLimit") ?? defaults.ScalingLimit,
            MaximumRetryAttempts = function.Integer("retryAttempts") ?? defaults.MaximumRetryAttempts,
            MaximumEventAge = function.Seconds("maxEventAge") ?? defaults.MaximumEventAge,
            RetryDelay = function.Seconds("retryDelay") ?? defaults.RetryDelay,
            DeadLetterFile = function.Text("deadLetterFile") is { } letters ? Path.Combine(folder, letters) : null,
            InvokeMode = function.Choice("urlInvokeMode", "BUFFERED", "RESPONSE_STREAM") == "RESPONSE_STREAM" ? FunctionUrlInvokeMode.ResponseStream : FunctionUrlInvokeMode.Buffered,
            ExtensionsDirectory = function.Text("extensions") is { } extensions ? Path.Combine(folder, extensions) : null,
            FunctionUrlPort = function.Integer("urlPort") ?? defaults.FunctionUrlPort,
            LogFormat = LoggingNames.Read(function.Choice("logFormat", LoggingNames.Formats), defaults.LogFormat),
            ApplicationLogLevel = LoggingNames.Read(function.Choice("applicationLogLevel", LoggingNames.ApplicationLevels), defaults.ApplicationLogLevel),
            SystemLogLevel = LoggingNames.Read(function.Choice("systemLogLevel", LoggingNames.SystemLevels), defaults.SystemLogLevel),
            Environment = ReadVariables(folder, function, variables),
        };
        function.RequireNoMore();
        RequireLimits(function, options, region);
        return options;
    }

    /// <summary>What is wrong for the function at large is said of its object.</summary>
    internal static void RequireLimits(ConfigObject function, FunctionOptions options, string region)
    {
        try
        {
            FunctionSettingsReader.Read(options, region);
        }
        catch (ArgumentException exception)
        {
            throw function.Wrong("", exception.Message);
        }
    }

    internal static void RequireArchitecture(ConfigObject function, string name)
    {
        string machine = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x86_64";
        if (function.Choice(name, "x86_64", "arm64") is { } wanted && wanted != machine)
            throw function.Wrong(name, $"the function is for {wanted}, this machine is {machine}: publish it for this machine to run it here");
    }

    private static Dictionary<string, string> ReadVariables(string folder, ConfigObject function, IReadOnlyDictionary<string, string> variables)
    {
        var all = new Dictionary<string, string>(variables);
        if (function.Text("environmentFile") is { } file)
        {
            try
            {
                foreach ((string name, string value) in EnvironmentFile.Read(Path.Combine(folder, file))) all[name] = value;
            }
            catch (EnvironmentFileException exception)
            {
                throw function.Wrong("environmentFile", exception.Message);
            }
        }
        foreach ((string name, string value) in function.Texts("environment")) all[name] = value;
        return all;
    }
}
