using System.Globalization;
using NativeLambda.Settings;

namespace NativeLambda.Runtime;

/// <summary>
/// How many invocations an environment runs at once: one, except on Lambda Managed Instances, where
/// <c>AWS_LAMBDA_MAX_CONCURRENCY</c> says how many requests for the next invocation the platform expects.
/// </summary>
internal static class LaneCount
{
    public const string Variable = "AWS_LAMBDA_MAX_CONCURRENCY";

    /// <summary>Whether there is more than one; a value that is not allowed is left to <see cref="Read"/>.</summary>
    public static bool IsMany(Func<string, string?> get) => TryParse(get(Variable), out int count) && count > 1;

    /// <exception cref="SettingsException">The variable holds something else than a number from 1 on.</exception>
    public static int Read(Func<string, string?> get) =>
        get(Variable) is not { Length: > 0 } text ? 1
        : TryParse(text, out int count) ? count
        : throw VariableReader.Refuse(Variable, text, "use a whole number from 1 on");

    private static bool TryParse(string? text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;
}
