using System.CommandLine;
using System.CommandLine.Parsing;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Cli;

/// <summary>The options of the command line that belong to one function. In a configuration file they stand beside the function.</summary>
internal sealed class FunctionFlags
{
    private static readonly FunctionOptions Defaults = new();

    private readonly Option<string> _name = new("--function-name") { Description = "the function's name", DefaultValueFactory = static _ => Defaults.FunctionName };
    private readonly Option<string> _handler = new("--handler") { Description = "what the bootstrap finds in _HANDLER", DefaultValueFactory = static _ => Defaults.Handler };
    private readonly Option<int> _memory = new("--memory") { Description = "memory size in MB: limit and share of processors", DefaultValueFactory = static _ => Defaults.MemorySizeMb };
    private readonly Option<string> _cpu = new("--cpu") { Description = "processors: by-memory (1,769 MB each, all of them in Init) or full", DefaultValueFactory = static _ => CpuShareNames.ByMemory };
    private readonly Option<int> _ephemeralStorage = new("--ephemeral-storage") { Description = "size in MB of each environment's own /tmp; 0 for the machine's", DefaultValueFactory = static _ => FunctionOptions.LambdaEphemeralStorageMb };
    private readonly Option<double> _timeout = Seconds("--timeout", "the function's timeout in seconds", Defaults.Timeout);
    private readonly Option<double?> _initTimeout = OptionalSeconds("--init-timeout", "limit of the Init phase in seconds [default: 10; of provisioned environments 130 or the timeout, whichever is longer]");
    private readonly Option<int> _urlPort = new("--url-port") { Description = "port of the function URL; 0 takes a free one", DefaultValueFactory = static _ => 0 };
    private readonly Option<string> _invokeMode = new("--invoke-mode") { Description = "how the function URL answers: buffered, or response-stream as the function writes", DefaultValueFactory = static _ => "buffered" };
    private readonly Option<string?> _extensions = new("--extensions") { Description = "folder of external extensions, as /opt/extensions: every file in it is started before the bootstrap" };
    private readonly Option<int> _maxConcurrency = new("--max-concurrency") { Description = "environments at once; 429 beyond", DefaultValueFactory = static _ => Defaults.MaxConcurrency };
    private readonly Option<int?> _reserved = new("--reserved") { Description = "reserved concurrency: the same, set aside from the account's; 0 stops the function" };
    private readonly Option<int> _provisioned = new("--provisioned") { Description = "provisioned concurrency: environments started ahead and kept ready", DefaultValueFactory = static _ => 0 };
    private readonly Option<double?> _idleTimeout = OptionalSeconds("--idle-timeout", "seconds after which an idle environment is shut down");
    private readonly Option<double?> _maxAge = OptionalSeconds("--max-age", "age in seconds at which an environment is shut down");
    private readonly Option<int> _scalingLimit = new("--scaling-limit") { Description = "new environments in 10 seconds; 429 beyond", DefaultValueFactory = static _ => Defaults.ScalingLimit };
    private readonly Option<int> _retries = new("--retries") { Description = "how often an asynchronous event is tried again, 0 to 2", DefaultValueFactory = static _ => Defaults.MaximumRetryAttempts };
    private readonly Option<double> _retryDelay = new("--retry-delay") { Description = "seconds before the first of these; the second waits twice as long", DefaultValueFactory = static _ => Defaults.RetryDelay.TotalSeconds };
    private readonly Option<double> _maxEventAge = Seconds("--max-event-age", "age in seconds at which an asynchronous event is given up", Defaults.MaximumEventAge);
    private readonly Option<string?> _deadLetters = new("--dead-letters") { Description = "file to which asynchronous events that failed for good are appended as lines of JSON" };

    private readonly Option<string> _logFormat = new("--log-format") { Description = "how the platform logs, and AWS_LAMBDA_LOG_FORMAT: text or json", DefaultValueFactory = static _ => "text" };
    private readonly Option<string> _applicationLogLevel = new("--application-log-level") { Description = "with --log-format json: AWS_LAMBDA_LOG_LEVEL", DefaultValueFactory = static _ => "info" };
    private readonly Option<string> _systemLogLevel = new("--system-log-level") { Description = "with --log-format json: which of the platform's records are logged", DefaultValueFactory = static _ => "info" };

    public FunctionFlags()
    {
        _logFormat.AcceptOnlyFromAmong(Small(LoggingNames.Formats));
        _applicationLogLevel.AcceptOnlyFromAmong(Small(LoggingNames.ApplicationLevels));
        _systemLogLevel.AcceptOnlyFromAmong(Small(LoggingNames.SystemLevels));
        _cpu.AcceptOnlyFromAmong(CpuShareNames.All);
        _invokeMode.AcceptOnlyFromAmong("buffered", "response-stream");
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All =>
    [
        _name, _handler, _memory, _cpu, _ephemeralStorage, _timeout, _initTimeout, _urlPort, _invokeMode, _extensions, _maxConcurrency, _reserved, _provisioned, _idleTimeout, _maxAge, _scalingLimit,
        _retries, _retryDelay, _maxEventAge, _deadLetters, _logFormat, _applicationLogLevel, _systemLogLevel,
    ];

    /// <summary>Those that were given.</summary>
    public IEnumerable<Option> Given(ParseResult parsed) => All.Where(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>The options of a function, with those changed that were given.</summary>
    public LocalLambdaOptions Apply(ParseResult parsed, LocalLambdaOptions options) => options with
    {
        FunctionName = Value(parsed, _name, options.FunctionName),
        Handler = Value(parsed, _handler, options.Handler),
        MemorySizeMb = Value(parsed, _memory, options.MemorySizeMb),
        Cpu = parsed.GetResult(_cpu) is { Implicit: false } ? CpuShareNames.Read(parsed.GetRequiredValue(_cpu)) : options.Cpu,
        EphemeralStorageMb = Value(parsed, _ephemeralStorage, options.EphemeralStorageMb),
        Timeout = Value(parsed, _timeout, options.Timeout),
        InitTimeout = parsed.GetValue(_initTimeout) is { } init ? TimeSpan.FromSeconds(init) : options.InitTimeout,
        FunctionUrlPort = Value(parsed, _urlPort, options.FunctionUrlPort),
        InvokeMode = parsed.GetResult(_invokeMode) is not { Implicit: false } ? options.InvokeMode
            : parsed.GetValue(_invokeMode) == "buffered" ? FunctionUrlInvokeMode.Buffered : FunctionUrlInvokeMode.ResponseStream,
        ExtensionsDirectory = parsed.GetValue(_extensions) ?? options.ExtensionsDirectory,
        MaxConcurrency = Value(parsed, _maxConcurrency, options.MaxConcurrency),
        ReservedConcurrency = parsed.GetValue(_reserved) ?? options.ReservedConcurrency,
        ProvisionedConcurrency = Value(parsed, _provisioned, options.ProvisionedConcurrency),
        IdleTimeout = parsed.GetValue(_idleTimeout) is { } idle ? TimeSpan.FromSeconds(idle) : options.IdleTimeout,
        MaxAge = parsed.GetValue(_maxAge) is { } age ? TimeSpan.FromSeconds(age) : options.MaxAge,
        ScalingLimit = Value(parsed, _scalingLimit, options.ScalingLimit),
        MaximumRetryAttempts = Value(parsed, _retries, options.MaximumRetryAttempts),
        RetryDelay = Value(parsed, _retryDelay, options.RetryDelay),
        MaximumEventAge = Value(parsed, _maxEventAge, options.MaximumEventAge),
        DeadLetterFile = parsed.GetValue(_deadLetters) ?? options.DeadLetterFile,
        LogFormat = LoggingNames.Read(Given(parsed, _logFormat), options.LogFormat),
        ApplicationLogLevel = LoggingNames.Read(Given(parsed, _applicationLogLevel), options.ApplicationLogLevel),
        SystemLogLevel = LoggingNames.Read(Given(parsed, _systemLogLevel), options.SystemLogLevel),
    };

    private static string[] Small(IEnumerable<string> names) => [.. names.Select(static name => name.ToLowerInvariant())];

    private static string? Given(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    private static T Value<T>(ParseResult parsed, Option<T> option, T otherwise) =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option)! : otherwise;

    private static TimeSpan Value(ParseResult parsed, Option<double> option, TimeSpan otherwise) =>
        parsed.GetResult(option) is { Implicit: false } ? TimeSpan.FromSeconds(parsed.GetValue(option)) : otherwise;

    private static Option<double> Seconds(string name, string description, TimeSpan otherwise)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => otherwise.TotalSeconds };
        option.Validators.Add(result => RequireSeconds(name, result));
        return option;
    }

    private static Option<double?> OptionalSeconds(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description };
        option.Validators.Add(result => RequireSeconds(name, result));
        return option;
    }

    private static void RequireSeconds(string name, OptionResult result)
    {
        // What is no number at all is the parser's to report.
        if (result.Tokens is [{ Value: var text }] && double.TryParse(text, out double value) && value is not (> 0 and < 1e8))
            result.AddError($"{name} {text}: a number of seconds over 0");
    }
}
