using System.Text.RegularExpressions;

namespace NativeLambda.Gateway.Configuration;

/// <summary>
/// What Lambda takes for a function: a name, a partial ARN or an ARN, each with or without a version or alias. Source:
/// <see href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">Lambda, Invoke</see>.
/// </summary>
internal static partial class FunctionName
{
    private const int LongestName = 64, Longest = 170;

    /// <summary>What is wrong with a function; null when nothing is.</summary>
    public static string? Check(string text)
    {
        if (text.Length == 0) return "name a function";
        if (text.Length > Longest) return $"{Longest} characters are the most";
        Match match = Whole().Match(text);
        if (!match.Success)
            return "this is no function: give its name, a partial ARN (123456789012:function:name) or an ARN (arn:aws:lambda:eu-central-1:123456789012:function:name), with :alias or :version where you like";
        return match.Groups["name"].Length > LongestName ? $"{LongestName} characters are a name's most" : null;
    }

    /// <summary>Whether it names a version or an alias.</summary>
    public static bool HasQualifier(string text) => Whole().Match(text).Groups["qualifier"].Success;

    /// <summary>Whether a text can be a version or an alias.</summary>
    public static bool IsQualifier(string text) => Qualifier().IsMatch(text);

    [GeneratedRegex(@"^(arn:aws[a-z-]*:lambda:[a-z]{2}(-[a-z]+)+-[0-9]:[0-9]{12}:function:|[0-9]{12}:function:)?(?<name>[A-Za-z0-9_-]+)(:(?<qualifier>\$LATEST|[A-Za-z0-9_-]+))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(\$LATEST|[A-Za-z0-9_-]{1,128})\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Qualifier();
}
