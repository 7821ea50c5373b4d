using System.CommandLine;

namespace NativeLambda.Trials.Storm;

/// <summary>The command <c>storm</c>.</summary>
internal static class StormCommand
{
    public static Command Create() => new("storm", "To be described.");
}
