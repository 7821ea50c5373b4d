namespace Company.Function;

/// <summary>The body of a PUT.</summary>
internal sealed record NoteBody(string? Text);
