using System.Text.Json;

namespace NativeLambda.Configuration;

/// <summary>A value of a configuration file, and where it stands.</summary>
internal sealed record ConfigNode
{
    /// <summary>What it is.</summary>
    public required JsonValueKind Kind { get; init; }

    /// <summary>From the root of the file, such as <c>functions[1].memory</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Counted from 1, in bytes.</summary>
    public required int Column { get; init; }

    /// <summary>The text of a string or a number.</summary>
    public string Text { get; init; } = "";

    /// <summary>The members of an object, in their order.</summary>
    public IReadOnlyList<(string Name, ConfigNode Value)> Members { get; init; } = [];

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    /// <summary>What a person calls it.</summary>
    public string KindName => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
