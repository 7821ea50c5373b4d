using System.Text.Json;

namespace NativeLambda.Tests.Packaging;

/// <summary>
/// Reads <c>aws-lambda-tools-defaults.json</c> with the eyes of <c>dotnet lambda</c>, which passes over what it does not know or cannot
/// read, without a word: everything that it would not take as it is meant is told here.
/// </summary>
internal static class LambdaToolsFile
{
    // Keys that are no options: a note to the reader that the tool's own templates have, and files that it adds to what is published.
    private const string Note = "Information", AdditionalFiles = "additional-files";

    /// <summary>The options of the tool by name, with the kind of value that each takes.</summary>
    public static IReadOnlyDictionary<string, string> Options { get; } = ReadOptions();

    /// <summary>All that is wrong with a file.</summary>
    public static IReadOnlyList<string> Faults(string text)
    {
        JsonDocument document;
        try
        {
            // The tool passes over comments when it reads; when it saves its settings (persist-config-file) it fails on them.
            document = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            return [exception.Message];
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) return ["an object is expected"];
            JsonProperty[] all = [.. document.RootElement.EnumerateObject()];
            return
            [
                .. all.GroupBy(static entry => entry.Name).Where(static same => same.Count() > 1).Select(static same => $"{same.Key}: named twice"),
                .. all.Select(Fault).OfType<string>(),
            ];
        }
    }

    private static string? Fault(JsonProperty entry)
    {
        JsonElement value = entry.Value;
        if (entry.Name is Note or AdditionalFiles)
            return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String) ? null : $"{entry.Name}: a list of texts is expected";
        if (!Options.TryGetValue(entry.Name, out string? kind)) return $"{entry.Name}: dotnet lambda does not know it and passes over it";
        string? fault = (kind, value.ValueKind) switch
        {
            ("number", JsonValueKind.Number) => value.TryGetInt32(out _) ? null : "a whole number is expected",
            ("boolean", JsonValueKind.True or JsonValueKind.False) => null,
            ("text", JsonValueKind.String) => null,
            ("list", JsonValueKind.String) => ListFault(value.GetString()!),
            ("pairs", JsonValueKind.String) => PairsFault(value.GetString()!),
            _ => $"a {kind} is expected{(kind is "list" or "pairs" ? " as one text" : "")}, not {value.ValueKind}",
        };
        return fault is null ? null : $"{entry.Name}: {fault}";
    }

    private static string? ListFault(string list) =>
        list.Length == 0 || list.Split(',').All(static item => item.Length > 0 && item.Trim() == item) ? null : "items without spaces are expected, with commas between";

    // The tool takes "A=" for an empty value and "A" for a name without one, and ends a quoted part at the next quotation mark.
    private static string? PairsFault(string pairs)
    {
        foreach (string pair in pairs.Split(';'))
        {
            if (pairs.Length == 0) return null;
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return "NAME=value;NAME=value is expected";
            if (pair.Count(static letter => letter == '"') % 2 == 1) return "a quotation mark has no partner";
        }
        return null;
    }

    private static Dictionary<string, string> ReadOptions()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "lambda-tools-options.json")));
        return document.RootElement.GetProperty("options").EnumerateObject().ToDictionary(static option => option.Name, static option => option.Value.GetString()!);
    }
}
