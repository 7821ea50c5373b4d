namespace NativeLambda.Benchmarks.Contenders;

/// <summary>This repository's function in other circumstances: another binary, or other variables. What a lever moves is seen this way.</summary>
/// <param name="Title">What tables call it.</param>
/// <param name="Bootstrap">Its executable; nothing for the same.</param>
/// <param name="Variables">What it finds in its environment besides.</param>
internal sealed record Variant(string Title, string? Bootstrap, IReadOnlyList<(string Name, string Value)> Variables)
{
    private const string BootstrapName = "bootstrap";

    /// <summary>Reads <c>TITLE[,bootstrap=FILE][,NAME=VALUE…]</c>.</summary>
    /// <exception cref="BenchmarkException">It is not that.</exception>
    public static Variant Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        (string Name, string Value)[] settings = [.. parts.Skip(1).Select(part => Setting(text, part))];
        if (parts[0].Length == 0 || parts[0].Contains('=', StringComparison.Ordinal)) throw new BenchmarkException($"variant {text}: it begins with a title");
        string? bootstrap = settings.Where(static setting => setting.Name == BootstrapName).Select(static setting => setting.Value).LastOrDefault();
        return new Variant(
            parts[0], bootstrap is null ? null : Path.GetFullPath(bootstrap), [.. settings.Where(static setting => setting.Name != BootstrapName)]);
    }

    /// <summary>The function that it is.</summary>
    public Contender Apply(Contender ours)
    {
        string bootstrap = Bootstrap ?? ours.Program.Bootstrap;
        return ours with
        {
            Key = Title,
            Manifest = ours.Manifest with { Title = Title, Kind = PeerKind.Self },
            Program = ours.Program.With([.. Variables]) with { Bootstrap = bootstrap },
            Size = Bootstrap is null ? ours.Size : PackageSize.Of(Path.GetDirectoryName(bootstrap)!, [bootstrap]),
        };
    }

    private static (string Name, string Value) Setting(string text, string part)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (part[..equals], part[(equals + 1)..]) : throw new BenchmarkException($"variant {text}: {part} is no NAME=VALUE");
    }
}
