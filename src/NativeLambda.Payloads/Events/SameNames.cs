namespace NativeLambda.Payloads.Events;

/// <summary>What a header or query parameter knows of those with the same name.</summary>
/// <param name="IsRepeat">Whether one before it has its name.</param>
/// <param name="Next">Where the next one with its name stands; 0 for nowhere.</param>
internal readonly record struct SameName(bool IsRepeat, int Next);

/// <summary>Finds those with the same name, without a table for the few that most requests have.</summary>
internal static class SameNames
{
    /// <summary>So many are compared one with another; more go through a table, so that a client cannot make it slow.</summary>
    internal const int FewEnough = 32;

    /// <summary>Links the headers with the same name in any case.</summary>
    public static void Link(IReadOnlyList<KeyValuePair<string, string>> headers, Span<SameName> links)
    {
        if (headers.Count > FewEnough)
        {
            LinkMany(headers, links);
            return;
        }
        links.Clear();
        for (int i = 1; i < headers.Count; i++)
        {
            string name = headers[i].Key;
            for (int earlier = i - 1; earlier >= 0; earlier--)
            {
                string other = headers[earlier].Key;
                if (other.Length != name.Length || !other.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
                Join(links, earlier, i);
                break;
            }
        }
    }

    private static void LinkMany(IReadOnlyList<KeyValuePair<string, string>> headers, Span<SameName> links)
    {
        links.Clear();
        var last = new Dictionary<string, int>(headers.Count, StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < headers.Count; i++)
        {
            if (last.TryGetValue(headers[i].Key, out int earlier)) Join(links, earlier, i);
            last[headers[i].Key] = i;
        }
    }

    /// <summary>Says that <paramref name="later"/> is the next one with the name of <paramref name="earlier"/>.</summary>
    public static void Join(Span<SameName> links, int earlier, int later)
    {
        links[earlier] = links[earlier] with { Next = later };
        links[later] = new SameName(IsRepeat: true, Next: 0);
    }
}
