using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator;

/// <summary>A function and how it is run. <see cref="LocalLambdaOptions"/> is one as well, for services of a single function.</summary>
public record FunctionOptions
{
    /// <summary>The least ephemeral storage that Lambda has.</summary>
    internal const int LambdaEphemeralStorageMb = 512;

    /// <summary>Lambda's limit of the Init phase on demand.</summary>
    internal static readonly TimeSpan LambdaInitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Path of the <c>bootstrap</c>: an executable file for this machine, or a script.</summary>
    public string Bootstrap { get; init; } = "";

    /// <summary>The function's name, 1 to 64 letters, digits, hyphens and underscores. Default: <c>function</c>.</summary>
    public string FunctionName { get; init; } = "function";

    /// <summary>What the function is for, as AWS's functions have it. Default: nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>The handler's name, which the bootstrap finds in <c>_HANDLER</c>. Default: <c>bootstrap</c>.</summary>
    public string Handler { get; init; } = "bootstrap";

    /// <summary>
    /// The function's environment variables. The process gets these and Lambda's own, and nothing of the environment of the emulator.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The memory size in MB, 128 to 10240: what the processes of an environment may use together, where control groups may be written.
    /// Default: 128.
    /// </summary>
    public int MemorySizeMb { get; init; } = 128;

    /// <summary>
    /// How much of the processors an environment gets. Default: all, unlike on Lambda and unlike the command line, because tests of a
    /// function at 128 MB would otherwise run at 7 % of a processor.
    /// </summary>
    public CpuShare Cpu { get; init; }

    /// <summary>
    /// The size in MB, 512 to 10240, of a <c>/tmp</c> of its own for each environment. It takes root; else each gets a directory that
    /// <c>TMPDIR</c> names, of any size. Files that the function's variables name stay visible. 0: the machine's /tmp. Default: 0,
    /// unlike on Lambda and unlike the command line, because tests exchange files with a function there.
    /// </summary>
    public int EphemeralStorageMb { get; init; }

    /// <summary>The function's timeout, up to 15 minutes. Default: 3 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The limit of the Init phase. Default: Lambda's, which are 10 s, and for environments that are started ahead 130 s or the
    /// function's timeout, whichever is longer.
    /// </summary>
    public TimeSpan? InitTimeout { get; init; }

    /// <summary>How the platform logs, and what the function is told of it. Default: as text.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>The level that a function that logs in JSON is told. Default: INFO.</summary>
    public ApplicationLogLevel ApplicationLogLevel { get; init; } = ApplicationLogLevel.Info;

    /// <summary>With JSON: which of the platform's records are logged. Default: Lambda's INFO.</summary>
    public SystemLogLevel SystemLogLevel { get; init; } = SystemLogLevel.Info;

    /// <summary>
    /// How many environments the function may have at once where no concurrency is reserved; more invocations than that are throttled.
    /// It spares this machine and sets nothing aside. Default: 10.
    /// </summary>
    public int MaxConcurrency { get; init; } = 10;

    /// <summary>
    /// Reserved concurrency: so many environments at most, and so much of the account's concurrency set aside for them. 0 stops the
    /// function: every invocation is throttled. Default: none, which leaves it to <see cref="MaxConcurrency"/>.
    /// </summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>Provisioned concurrency: how many environments are started ahead and kept ready. Default: 0.</summary>
    public int ProvisionedConcurrency { get; init; }

    /// <summary>
    /// How long an environment may idle before it is shut down; provisioned ones may for ever. Lambda takes some minutes, and does not
    /// say how many. Default: for ever.
    /// </summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>
    /// The age at which an environment is shut down, after the invocation that it serves. Lambda's is a few hours. Default: none.
    /// </summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>How many environments the function may get in 10 seconds; it is throttled beyond. Default: Lambda's 1,000.</summary>
    public int ScalingLimit { get; init; } = 1000;

    /// <summary>
    /// How often an event of an asynchronous invocation is tried again after an error of the function, 0 to 2. Default: 2.
    /// </summary>
    public int MaximumRetryAttempts { get; init; } = 2;

    /// <summary>The age at which such an event is given up, up to 6 hours (Lambda's least is a minute). Default: 6 hours.</summary>
    public TimeSpan MaximumEventAge { get; init; } = TimeSpan.FromHours(6);

    /// <summary>
    /// The pause before the first retry; the second is twice as long, and the pauses after throttles (1 s to 5 min where this is a
    /// minute) shrink and grow with it. Default: Lambda's minute.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The file to which events that failed for good are appended, each a line of JSON in the form of Lambda's records for on-failure
    /// destinations. Default: none; the log tells of them in any case.
    /// </summary>
    public string? DeadLetterFile { get; init; }

    /// <summary>Whether the function's URL waits for the whole response or passes it on as it comes. Default: it waits.</summary>
    public FunctionUrlInvokeMode InvokeMode { get; init; }

    /// <summary>
    /// A folder of external extensions, as <c>/opt/extensions</c> is on Lambda: every file in it is started before the bootstrap. Those
    /// in a folder <c>extensions</c> beside the bootstrap are started in any case. Default: no other folder.
    /// </summary>
    public string? ExtensionsDirectory { get; init; }

    /// <summary>The port of the function URL on the loopback interface; 0 takes a free one. Default: 0.</summary>
    public int FunctionUrlPort { get; init; }
}
