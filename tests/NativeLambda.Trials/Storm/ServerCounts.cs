namespace NativeLambda.Trials.Storm;

/// <summary>What the server has logged (<c>log_connections</c> is on).</summary>
/// <param name="Opens">Sessions that were let in.</param>
/// <param name="Refusals">Attempts that were refused for want of a slot (53300).</param>
/// <param name="IdleDisconnects">Sessions that the server closed because they were idle.</param>
/// <param name="Evictions">Sessions that another one terminated.</param>
internal readonly record struct ServerCounts(int Opens, int Refusals, int IdleDisconnects, int Evictions)
{
    /// <summary>Counts the lines of a role's sessions.</summary>
    public static ServerCounts Of(string log, string role)
    {
        (int authorized, int reserved, int full, int idle, int evicted) = (0, 0, 0, 0, 0);
        foreach (string line in log.Split('\n'))
        {
            // Superusers have slots of their own: what is refused is the function's.
            if (line.Contains("sorry, too many clients already", StringComparison.Ordinal))
                full++;
            else if (line.Contains("remaining connection slots are reserved", StringComparison.Ordinal))
                reserved++;
            else if (!line.Contains(role, StringComparison.Ordinal))
                continue;
            else if (line.Contains("connection authorized:", StringComparison.Ordinal))
                authorized++;
            else if (line.Contains("due to idle-session timeout", StringComparison.Ordinal))
                idle++;
            else if (line.Contains("due to administrator command", StringComparison.Ordinal))
                evicted++;
        }

        // The reserved slots are looked at after the password.
        return new ServerCounts(authorized - reserved, full + reserved, idle, evicted);
    }
}
