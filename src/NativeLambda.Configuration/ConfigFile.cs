namespace NativeLambda.Configuration;

/// <summary>A configuration file while it is read: where mistakes are told.</summary>
/// <param name="name">The file, as its user calls it.</param>
/// <param name="collects">Whether reading goes on after a mistake, so that all of them are told at once; else the first one ends it.</param>
internal sealed class ConfigFile(string name, bool collects = false)
{
    private readonly List<(ConfigNode Node, ConfigurationException Mistake)> _mistakes = [];
    private readonly List<ConfigObject> _objects = [];

    /// <summary>The file, as its user calls it.</summary>
    public string Name => name;

    /// <summary>The objects that were read, in their order.</summary>
    public IReadOnlyList<ConfigObject> Objects => _objects;

    /// <summary>Tells of a mistake.</summary>
    /// <exception cref="ConfigurationException">It is the mistake, where they are not collected.</exception>
    public void Report(ConfigNode node, string message)
    {
        var mistake = ConfigurationException.At(name, node, message);
        if (!collects) throw mistake;
        _mistakes.Add((node, mistake));
    }

    /// <summary>Notes that an object is read.</summary>
    public void Begin(ConfigObject begun) => _objects.Add(begun);

    /// <exception cref="ConfigurationException">There were mistakes; each is a line of its message, in the order of the file.</exception>
    public void RequireNoMistakes()
    {
        if (_mistakes.Count == 0) return;
        throw new ConfigurationException(string.Join('\n', _mistakes
            .OrderBy(static told => told.Node.Line).ThenBy(static told => told.Node.Column).Select(static told => told.Mistake.Message).Distinct()));
    }
}
