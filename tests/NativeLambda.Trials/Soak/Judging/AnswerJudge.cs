using NativeLambda.Trials.Soak.Planning;

namespace NativeLambda.Trials.Soak.Judging;

/// <summary>Whether an answer may be, with the faults that there were while the caller waited for it. Pure.</summary>
internal static class AnswerJudge
{
    /// <summary>The emulator's word for a process that ended under its invocation.</summary>
    public const string ExitError = "Runtime.ExitError";

    /// <summary>The longest that any answer may take: Init, the function's timeout, and a busy machine.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    /// <returns>What is wrong with it; nothing when it may be.</returns>
    public static string? Judge(OperationKind kind, Answer answer, IReadOnlyList<FaultWindow> windows)
    {
        if (answer.Took > Longest)
            return $"took {answer.Took.TotalSeconds:0.0} s";
        FaultEffects effects = windows.Aggregate(FaultEffects.None, (sum, window) => sum | window.Kind.Effects());
        int cuts = windows.Count(window => window.Kind.Effects().HasFlag(FaultEffects.Cuts));
        bool isRead = kind is OperationKind.Read or OperationKind.List;
        bool isExcused = (answer.Status, answer.ErrorType) switch
        {
            (Answer.Throttled, _) => true,
            (200, _) => isRead,
            (201 or 409, _) => !isRead,
            (503 or 504, _) when effects.HasFlag(FaultEffects.Unreachable) => true,
            // A read is run again once: it takes two faults to lose it.
            (503 or 504, _) when isRead => cuts >= 2,
            (503 or 504, _) => (effects & (FaultEffects.Cuts | FaultEffects.BlocksWrites)) != 0,
            (0, ExitError) => effects.HasFlag(FaultEffects.EndsInvocation),
            _ => false,
        };
        return isExcused ? null : $"answered {answer} {Describe(windows)}";
    }

    private static string Describe(IReadOnlyList<FaultWindow> windows) =>
        windows.Count == 0 ? "while there was no fault" : $"during {string.Join(", ", windows.Select(window => window.Kind))}";
}
