namespace NativeLambda.Trials.Storm;

/// <summary>A function that is sent into the storm.</summary>
/// <param name="Name">What the reports call it.</param>
/// <param name="Bootstrap">Path of its executable.</param>
/// <param name="Variables">Its environment variables besides those of the database.</param>
/// <param name="IsOurs">Whether the verdict is about it.</param>
internal sealed record Contender(string Name, string Bootstrap, IReadOnlyDictionary<string, string> Variables, bool IsOurs = false);
