namespace NativeLambda.Database;

/// <summary>What one round trip of take-back does.</summary>
/// <param name="RollBack">End the transaction that the handler left open.</param>
/// <param name="Reset">Reset session state.</param>
/// <param name="LoadStatement">The statement that asks how full the server is, or <see langword="null"/>.</param>
internal readonly record struct CleanRequest(bool RollBack, bool Reset, string? LoadStatement)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => !RollBack && !Reset && LoadStatement is null;
}
