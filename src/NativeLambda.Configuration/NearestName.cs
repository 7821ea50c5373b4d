namespace NativeLambda.Configuration;

/// <summary>Which name was meant by one that there is not.</summary>
internal static class NearestName
{
    /// <summary>The name that differs by case and dashes only, that begins so, or that is a few letters away; nothing where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string plain = Plain(name);
        string[] names = [.. known.Where(static candidate => candidate[0] != '$')];
        return Array.Find(names, candidate => Plain(candidate) == plain)
            ?? Array.Find(names, candidate => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(candidate, StringComparison.OrdinalIgnoreCase))
            ?? names.Select(candidate => (candidate, Distance: Distance(plain, Plain(candidate))))
                .Where(near => near.Distance <= Math.Min(2, plain.Length / 3))
                .OrderBy(static near => near.Distance).Select(static near => near.candidate).FirstOrDefault();
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>How many letters are to be put in, taken out or replaced to make one of the other (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int index = 0; index < one.Length; index++)
        {
            int diagonal = row[0];
            row[0] = index + 1;
            for (int column = 0; column < other.Length; column++)
            {
                int replaced = diagonal + (one[index] == other[column] ? 0 : 1);
                diagonal = row[column + 1];
                row[column + 1] = Math.Min(replaced, Math.Min(row[column], diagonal) + 1);
            }
        }
        return row[^1];
    }
}
