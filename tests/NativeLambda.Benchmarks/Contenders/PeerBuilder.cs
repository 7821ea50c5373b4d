using System.Diagnostics;

namespace NativeLambda.Benchmarks.Contenders;

/// <summary>Builds the peers, each by its own script.</summary>
/// <param name="peers">Their folder.</param>
/// <param name="output">Where they are built to, each in a folder of its own.</param>
/// <param name="library">The folder of our own sources, of which some peers are made as well.</param>
internal sealed class PeerBuilder(string peers, string output, string library)
{
    private const int CannotBeBuiltHere = 77;

    /// <summary>The folders that are peers, by name.</summary>
    public IReadOnlyList<string> Keys =>
    [
        .. Directory.GetDirectories(peers).Where(static folder => File.Exists(Path.Combine(folder, "peer.json")))
            .Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What is known of a peer.</summary>
    public PeerManifest Read(string key) => PeerManifest.Read(Path.Combine(peers, key, "peer.json"));

    /// <summary>Builds a peer, unless it is newer than all sources.</summary>
    /// <returns>The folder that holds its <c>bootstrap</c>, or the reason why there is none.</returns>
    /// <exception cref="BenchmarkException">Its script fails otherwise than by saying that it cannot.</exception>
    public async Task<(string? Folder, string Reason)> BuildAsync(string key, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(output, key);
        string stamp = folder + ".built";
        if (File.Exists(stamp) && File.GetLastWriteTimeUtc(stamp) > NewestSource()) return (folder, "");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(output);
        using Process process = Process.Start(
            new ProcessStartInfo("/bin/bash", [Path.Combine(peers, key, "build.sh"), folder]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            Task<string> said = process.StandardOutput.ReadToEndAsync(cancellationToken);
            string complaint = (await process.StandardError.ReadToEndAsync(cancellationToken)).Trim();
            string words = (await said).Trim();
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == CannotBeBuiltHere) return (null, complaint);
            if (process.ExitCode != 0) throw new BenchmarkException($"{key}/build.sh fails with {process.ExitCode}: {Tail(words)} {Tail(complaint)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (!File.Exists(Path.Combine(folder, "bootstrap"))) throw new BenchmarkException($"{key}/build.sh has left no bootstrap");
        await File.WriteAllTextAsync(stamp, "", cancellationToken);
        return (folder, "");
    }

    // Peers share sources with each other: one change builds them all.
    private DateTime NewestSource() =>
        new[] { peers, library }.SelectMany(static folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Max(File.GetLastWriteTimeUtc);

    private static string Tail(string text) => text.Length <= 1000 ? text : $"…{text[^1000..]}";
}
