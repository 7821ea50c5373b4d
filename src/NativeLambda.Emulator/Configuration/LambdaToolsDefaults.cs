using NativeLambda.Configuration;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Configuration;

/// <summary>
/// Reads <c>aws-lambda-tools-defaults.json</c>, the file of <c>dotnet lambda</c>: one function, of whose settings those count that
/// mean something here. The types are as strict as the tool's: numbers as numbers, lists as one text.
/// </summary>
public static class LambdaToolsDefaults
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "aws-lambda-tools-defaults.json";

    // What the tool knows (Amazon.Lambda.Tools 7.0.0) and the emulator has no use for: where and how to build and deploy.
    private static readonly HashSet<string> Deployment =
    [
        "Information", "additional-files", "apply-defaults", "aws-access-key-id", "aws-secret-key", "aws-session-token", "cloudformation-role",
        "code-mount-directory", "config-file", "configuration", "container-image-for-build", "dead-letter-target-arn", "disable-capabilities",
        "disable-interactive", "disable-version-check", "docker-build-options", "docker-build-working-dir", "docker-host-build-output-dir",
        "dockerfile", "durable-execution-timeout", "durable-retention-period", "enable-package-optimization", "ephemerals-storage-size",
        "file-system-configs", "framework", "function-layers", "function-publish", "function-role", "function-security-groups", "function-subnets",
        "function-url-auth", "function-url-enable", "image-command", "image-entrypoint", "image-tag", "image-working-directory", "invoke-mode",
        "kms-key", "layer-license-info", "layer-name", "layer-type", "layer-version-arn", "local-docker-image", "log-group", "msbuild-parameters",
        "opt-directory", "output-package", "output-template", "package", "package-manifest", "package-type", "payload", "persist-config-file",
        "profile", "profile-location", "publish-options", "resolve-s3", "s3-bucket", "s3-prefix", "self-contained", "snap-start-apply-on",
        "stack-name", "stack-polling-delay", "stack-wait", "tag", "tags", "template", "template-parameters", "template-substitutions",
        "tracing-mode", "use-container-for-build",
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variables">Environment variables which the file's own override.</param>
    /// <param name="warn">Told of every key that <c>dotnet lambda</c> does not know either: it would ignore it without a word.</param>
    /// <returns>
    /// Options of one function. The <see cref="FunctionOptions.Bootstrap"/> is empty where none has been published below the file's folder.
    /// </returns>
    /// <exception cref="ConfigurationException">The file is not as it should be; the message says where and how.</exception>
    public static LocalLambdaOptions Read(string path, IReadOnlyDictionary<string, string>? variables, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        var file = new ConfigObject(new ConfigFile(path), ConfigParser.ReadFile(path, trailingCommas: false));
        var defaults = new LocalLambdaOptions();
        RequireCustomRuntime(file);
        EmulatorConfiguration.RequireArchitecture(file, "function-architecture");
        LocalLambdaOptions options = defaults with
        {
            Region = file.Text("region") is { Length: > 0 } region ? region : defaults.Region,
            Port = 9001,
            Cpu = CpuShare.ByMemorySize,
            EphemeralStorageMb = FunctionOptions.LambdaEphemeralStorageMb,
            FunctionName = file.Text("function-name") is { Length: > 0 } functionName ? functionName : defaults.FunctionName,
            Description = file.Text("function-description") ?? defaults.Description,
            MemorySizeMb = file.Integer("function-memory-size") ?? defaults.MemorySizeMb,
            Timeout = file.Integer("function-timeout") is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.Timeout,
            Handler = file.Text("function-handler") is { Length: > 0 } handler ? handler : defaults.Handler,
            LogFormat = LoggingNames.Read(file.Choice("log-format", LoggingNames.Formats), defaults.LogFormat),
            ApplicationLogLevel = LoggingNames.Read(file.Choice("log-application-level", LoggingNames.ApplicationLevels), defaults.ApplicationLogLevel),
            SystemLogLevel = LoggingNames.Read(file.Choice("log-system-level", LoggingNames.SystemLevels), defaults.SystemLogLevel),
            Environment = ReadVariables(file, variables ?? new Dictionary<string, string>()),
            Bootstrap = FindPublished(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, file.Text("project-location") ?? "")) ?? "",
        };
        foreach ((string name, ConfigNode value) in file.Unknown)
            if (!Deployment.Contains(name)) warn($"{path}:{value.Line}: {name}: neither dotnet lambda nor the emulator knows it; it is ignored");
        EmulatorConfiguration.RequireLimits(file, options.Bootstrap.Length > 0 ? options : options with { Bootstrap = FileName }, options.Region);
        return options;
    }

    private static void RequireCustomRuntime(ConfigObject file)
    {
        if (file.Text("function-runtime") is { } runtime && !runtime.StartsWith("provided", StringComparison.Ordinal))
            throw file.Wrong("function-runtime", $"{runtime}: the emulator runs executables named bootstrap, which is provided.al2023");
    }

    private static Dictionary<string, string> ReadVariables(ConfigObject file, IReadOnlyDictionary<string, string> variables)
    {
        var all = new Dictionary<string, string>(variables);
        // As the tool does for a new function.
        foreach (string key in (string[])["environment-variables", "append-environment-variables"])
            foreach (string pair in (file.Text(key) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                int equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0) throw file.Wrong(key, "pairs are expected: \"NAME=value;NAME=value\""); // not the pair: it may be a secret
                all[Unquote(pair[..equals].Trim())] = Unquote(pair[(equals + 1)..].Trim());
            }
        return all;
    }

    private static string Unquote(string text) => text is ['"', .., '"'] ? text[1..^1] : text;

    /// <summary>The newest bootstrap that was published from the folder, which is that of a project.</summary>
    private static string? FindPublished(string folder)
    {
        string output = Path.Combine(folder, "bin");
        if (!Directory.Exists(output)) return null;
        return Directory.EnumerateFiles(output, "bootstrap", SearchOption.AllDirectories)
            .Where(static file => Path.GetFileName(Path.GetDirectoryName(file)) == "publish")
            .OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault();
    }
}
