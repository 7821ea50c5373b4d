namespace NativeLambda.Emulator.Processes;

/// <summary>A process to start: in a session of its own, with exactly this environment.</summary>
internal sealed record SpawnRequest
{
    /// <summary>Absolute path of the executable.</summary>
    public required string File { get; init; }

    /// <summary>The arguments after argv[0].</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment: nothing of the emulator's own is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The working directory.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Whether standard input is a pipe; else it is empty.</summary>
    public bool PipeInput { get; init; }

    /// <summary>Called with every line of standard output.</summary>
    public Action<string> OutputLine { get; init; } = static _ => { };

    /// <summary>Called with every line of standard error.</summary>
    public Action<string> ErrorLine { get; init; } = static _ => { };
}
