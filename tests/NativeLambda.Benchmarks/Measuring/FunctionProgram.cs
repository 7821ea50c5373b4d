using System.Globalization;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>A function to be measured: its executable and what it finds in its environment beside Lambda's variables.</summary>
internal sealed record FunctionProgram
{
    private const string Region = "eu-central-1";
    private static int _environments;

    /// <summary>Path of the executable.</summary>
    public required string Bootstrap { get; init; }

    /// <summary>The variables that its user would set, such as <c>PGHOST</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The memory size that it is told.</summary>
    public int MemorySizeMb { get; init; } = 1769;

    /// <summary>How long each invocation may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same with other variables beside its own.</summary>
    public FunctionProgram With(params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var all = new Dictionary<string, string>(Variables);
        foreach ((string name, string value) in variables) all[name] = value;
        return this with { Variables = all };
    }

    /// <summary>How to start an environment of it, with exactly the variables that Lambda and its user set.</summary>
    /// <param name="runtimeApi">Authority of the Runtime API.</param>
    /// <param name="membershipFiles">Files into which the process writes its id before it becomes the function.</param>
    public SpawnRequest Spawn(string runtimeApi, params IReadOnlyList<string> membershipFiles)
    {
        FunctionSettings settings = FunctionSettingsReader.Read(
            new FunctionOptions
            {
                Bootstrap = Bootstrap,
                FunctionName = "products",
                Handler = "index.handler", // for runtimes that load one; bootstrap programs take no notice
                Environment = Variables,
                MemorySizeMb = MemorySizeMb,
                Timeout = Timeout,
            },
            Region);
        string stream = string.Create(CultureInfo.InvariantCulture, $"2026/01/01/[$LATEST]{Interlocked.Increment(ref _environments):x32}");
        return settings.Spawn(stream, runtimeApi, "on-demand", membershipFiles, static _ => { }, static _ => { });
    }
}
