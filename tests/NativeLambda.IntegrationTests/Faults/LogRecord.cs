using System.Text.RegularExpressions;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>A record of the function's log in its text form: timestamp, request, level, message.</summary>
internal sealed partial record LogRecord(string RequestId, string Level, string Message)
{
    /// <summary>Whether an operator would want to know.</summary>
    public bool IsTrouble => Level is "WARN" or "ERROR";

    /// <summary>The record of a line, or nothing when the line is no record, such as the platform's.</summary>
    public static LogRecord? Parse(string line) =>
        Pattern().Match(line) is { Success: true } match
            ? new LogRecord(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value)
            : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z (\S+) (DEBUG|INFO|WARN|ERROR) (.*)$", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
