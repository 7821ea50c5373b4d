using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>
/// A directory of the environment's own, named to it by <c>TMPDIR</c>: where no mount may be made, and so /tmp itself is everybody's.
/// </summary>
internal sealed class TmpDirectory : IDisposable
{
    private const string Variable = "TMPDIR";

    private readonly string _directory;

    public TmpDirectory(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

    /// <summary>Tells a process of it, unless the function has an opinion of its own.</summary>
    public SpawnRequest AddTo(SpawnRequest request) => request.Environment.ContainsKey(Variable)
        ? request
        : request with { Environment = new Dictionary<string, string>(request.Environment) { [Variable] = _directory } };

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
