namespace NativeLambda.Emulator.Cli;

/// <summary>A file of environment variables: a NAME=VALUE a line, <c>#</c> comments, values as they stand or in quotes.</summary>
internal static class EnvironmentFile
{
    /// <exception cref="EnvironmentFileException">The file is absent, or a line is no assignment.</exception>
    public static IReadOnlyList<(string Name, string Value)> Read(string path)
    {
        if (!File.Exists(path)) throw new EnvironmentFileException($"--env-file {path}: no such file");
        return Parse(path, File.ReadLines(path));
    }

    internal static IReadOnlyList<(string Name, string Value)> Parse(string path, IEnumerable<string> lines)
    {
        var variables = new List<(string, string)>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string text = line.TrimStart();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.StartsWith("export ", StringComparison.Ordinal)) text = text["export ".Length..].TrimStart();
            (string name, string value) = Split(text) ?? throw new EnvironmentFileException($"{path}:{number}: not NAME=VALUE");
            variables.Add((name, Unquote(value)));
        }
        return variables;
    }

    /// <summary>Name and value; nothing when there is no name or no equals sign.</summary>
    internal static (string Name, string Value)? Split(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (assignment[..equals].TrimEnd(), assignment[(equals + 1)..]) : null;
    }

    private static string Unquote(string value)
    {
        string trimmed = value.Trim();
        return trimmed is ['"', .., '"'] or ['\'', .., '\''] ? trimmed[1..^1] : trimmed;
    }
}
