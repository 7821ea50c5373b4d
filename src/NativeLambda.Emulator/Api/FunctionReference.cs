using System.Text.RegularExpressions;

namespace NativeLambda.Emulator.Api;

/// <summary>A function as a caller names it: by name, name and qualifier, ARN, or account and name (a partial ARN).</summary>
/// <param name="Name">The name alone.</param>
/// <param name="Qualifier">Version or alias, or nothing.</param>
internal sealed partial record FunctionReference(string Name, string? Qualifier)
{
    /// <summary>Reads one of the forms that AWS documents for <c>FunctionName</c>.</summary>
    /// <returns>Nothing when it is none of them.</returns>
    public static FunctionReference? Parse(string text)
    {
        Match match = Pattern().Match(text);
        if (!match.Success) return null;
        return new FunctionReference(match.Groups["name"].Value, match.Groups["qualifier"] is { Success: true } group ? group.Value : null);
    }

    [GeneratedRegex(
        @"^(arn:aws[a-zA-Z-]*:lambda:[a-z]{2}(-[a-z]+)+-[0-9]:[0-9]{12}:function:|([0-9]{12}:)?(function:)?)(?<name>[A-Za-z0-9_-]{1,64})(:(?<qualifier>\$LATEST|[A-Za-z0-9_-]{1,128}))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
