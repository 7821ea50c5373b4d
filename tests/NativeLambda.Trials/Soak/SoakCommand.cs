using System.CommandLine;

namespace NativeLambda.Trials.Soak;

/// <summary>The command <c>soak</c>.</summary>
internal static class SoakCommand
{
    public static Command Create() => new("soak", "To be described.");
}
