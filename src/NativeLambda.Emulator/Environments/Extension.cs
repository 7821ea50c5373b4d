namespace NativeLambda.Emulator.Environments;

/// <summary>An extension that has registered itself from within the runtime's process.</summary>
internal sealed class Extension(string name)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string Name { get; } = name;

    /// <summary>Whether it has asked for its first event: until then Init is not over.</summary>
    public bool IsReady { get; set; }
}
