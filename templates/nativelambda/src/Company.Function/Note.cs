namespace Company.Function;

/// <summary>A note, as clients see it.</summary>
internal sealed record Note(string Id, string Text);
