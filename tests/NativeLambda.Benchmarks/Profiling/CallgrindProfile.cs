namespace NativeLambda.Benchmarks.Profiling;

/// <summary>What callgrind counted.</summary>
/// <param name="Instructions">All of them.</param>
/// <param name="Functions">Each function that ran.</param>
internal sealed record CallgrindProfile(long Instructions, IReadOnlyList<CallgrindFunction> Functions)
{
    /// <summary>The functions with the most instructions of their own.</summary>
    public IReadOnlyList<CallgrindFunction> TopBySelf(int count) => [.. Functions.OrderByDescending(static function => function.Self).Take(count)];

    /// <summary>The functions under which most instructions ran.</summary>
    public IReadOnlyList<CallgrindFunction> TopInclusive(int count) => [.. Functions.OrderByDescending(static function => function.Inclusive).Take(count)];

    /// <summary>The instructions of each program and library, most first.</summary>
    public IReadOnlyList<(string Module, long Instructions)> ByModule() => Group(static function => function.Module);

    /// <summary>The instructions by whatever a function belongs to, most first.</summary>
    public IReadOnlyList<(string Group, long Instructions)> Group(Func<CallgrindFunction, string> key) =>
        [.. Functions.GroupBy(key).Select(static group => (group.Key, group.Sum(static function => function.Self))).OrderByDescending(static pair => pair.Item2)];
}
