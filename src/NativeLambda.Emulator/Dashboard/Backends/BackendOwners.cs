namespace NativeLambda.Emulator.Dashboard.Backends;

/// <summary>Which backend serves which environment. Asks the kernel once for each new session.</summary>
/// <param name="findOwners">The environments by the ports of their connections, as <see cref="ProcessSockets.FindOwners"/> finds them.</param>
/// <param name="clientPortOf">From the port that the server sees to the client's own: another one behind a proxy.</param>
internal sealed class BackendOwners(
    Func<IReadOnlyDictionary<string, int>, Dictionary<int, string>> findOwners, Func<int, int?> clientPortOf)
{
    /// <summary>How often a session that nobody owns is looked for: its owner may have been between fork and exec, or just be gone.</summary>
    internal const int Attempts = 3;

    /// <summary>As long as our own runtime makes it, at the end of application_name.</summary>
    private const int ShortIdLength = 8;

    private Dictionary<BackendSession, Owner> _known = [];

    /// <summary>The backends by environment; the last one where there are several.</summary>
    /// <param name="sessions">All sessions, oldest first.</param>
    /// <param name="environments">The first process of each environment.</param>
    public Dictionary<string, int> Resolve(IReadOnlyList<BackendSession> sessions, IReadOnlyDictionary<string, int> environments)
    {
        Dictionary<int, string>? owners = null;
        var known = new Dictionary<BackendSession, Owner>(sessions.Count);
        var backends = new Dictionary<string, int>();
        foreach (BackendSession session in sessions)
        {
            _known.TryGetValue(session, out Owner owner);
            if (owner.Environment is null && owner.Attempts < Attempts)
            {
                string? environment = null;
                if (session.ClientPort is { } seen && (clientPortOf(seen) ?? seen) is var port)
                    (owners ??= findOwners(environments)).TryGetValue(port, out environment);
                owner = new Owner(environment ?? OfName(session.ApplicationName, environments.Keys), owner.Attempts + 1);
            }
            known.Add(session, owner);
            if (owner.Environment is { } found && environments.ContainsKey(found)) backends[found] = session.Pid;
        }
        _known = known;
        return backends;
    }

    private static string? OfName(string applicationName, IEnumerable<string> environments)
    {
        int slash = applicationName.LastIndexOf('/');
        if (slash < 0 || applicationName.Length - slash - 1 != ShortIdLength) return null;
        string shortId = applicationName[(slash + 1)..];
        return environments.FirstOrDefault(id => id.StartsWith(shortId, StringComparison.Ordinal));
    }

    private readonly record struct Owner(string? Environment, int Attempts);
}
