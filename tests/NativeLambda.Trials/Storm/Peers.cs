namespace NativeLambda.Trials.Storm;

/// <summary>The usual ways to have a connection in a function, each as who teaches it would write it.</summary>
internal static class Peers
{
    private static readonly (string Name, string Way)[] Known =
    [
        ("static variable", "static"),
        ("connect per invocation", "per-invocation"),
        ("connect per invocation, with retries", "per-invocation-with-retries"),
    ];

    /// <summary>The peers that are wanted.</summary>
    /// <param name="wanted"><c>all</c>, <c>none</c>, or ways with commas between.</param>
    /// <param name="bootstrap">Their executable, which is one for all.</param>
    /// <exception cref="ArgumentException">There is no such way, or no executable.</exception>
    public static IReadOnlyList<Contender> Select(string wanted, string? bootstrap)
    {
        if (wanted == "none")
            return [];
        string[] ways = wanted == "all"
            ? [.. Known.Select(static peer => peer.Way)]
            : wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (bootstrap is null)
            throw new ArgumentException("--peers needs --peer-bootstrap");
        return [.. ways.Select(way => new Contender(NameOf(way), bootstrap, new Dictionary<string, string> { ["PEER_CONNECTION"] = way }))];
    }

    private static string NameOf(string way) =>
        Known.FirstOrDefault(peer => peer.Way == way).Name
        ?? throw new ArgumentException($"--peers {way}: there are {string.Join(", ", Known.Select(static peer => peer.Way))}");
}
