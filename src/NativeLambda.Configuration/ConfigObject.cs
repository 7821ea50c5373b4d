using System.Globalization;
using System.Text.Json;

namespace NativeLambda.Configuration;

/// <summary>
/// An object of a configuration file, from which members are taken by name and type; what nobody takes is unknown. A member that is not
/// as it should be counts as absent once its mistake was told.
/// </summary>
internal sealed class ConfigObject
{
    private readonly ConfigFile _file;
    private readonly List<string> _known = [];

    public ConfigObject(ConfigFile file, ConfigNode node)
    {
        (_file, Node) = (file, node);
        file.Begin(this);
    }

    public ConfigNode Node { get; }

    /// <summary>The members that were asked for.</summary>
    public IReadOnlyList<string> Known => _known;

    /// <summary>The members that were never asked for.</summary>
    public IEnumerable<(string Name, ConfigNode Value)> Unknown => Node.Members.Where(member => !_known.Contains(member.Name));

    public bool Has(string name) => Node.Members.Any(member => member.Name == name);

    public string? Text(string name) => Take(name, "a text", JsonValueKind.String)?.Text;

    /// <summary>A path, which a folder makes absolute.</summary>
    public string? Path(string name, string folder) => Text(name) is { } path ? System.IO.Path.Combine(folder, path) : null;

    /// <summary>Whether the member is <c>false</c>, where else an object would stand.</summary>
    public bool IsOff(string name)
    {
        if (Find(name) is not { Kind: JsonValueKind.False }) return false;
        if (!_known.Contains(name)) _known.Add(name);
        return true;
    }

    public string RequiredText(string name)
    {
        if (Text(name) is { } text) return text;
        RequireMember(name);
        return "";
    }

    public bool? Flag(string name) => Take(name, "true or false", JsonValueKind.True, JsonValueKind.False) is { } found ? found.Kind == JsonValueKind.True : null;

    public int? Integer(string name)
    {
        if (Take(name, "a whole number", JsonValueKind.Number) is not { } found) return null;
        if (int.TryParse(found.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)) return value;
        _file.Report(found, "a whole number is expected");
        return null;
    }

    /// <summary>A whole number within bounds.</summary>
    public int? Integer(string name, int least, int most)
    {
        if (Integer(name) is not { } value) return null;
        if (value >= least && value <= most) return value;
        Report(name, string.Create(CultureInfo.InvariantCulture, $"{value} is out of its range: {least} to {most}"));
        return null;
    }

    /// <summary>A whole number within bounds that must be there.</summary>
    public int? RequiredInteger(string name, int least, int most)
    {
        RequireMember(name);
        return Integer(name, least, most);
    }

    /// <summary>A number within bounds that must be there.</summary>
    public double? RequiredNumber(string name, double least, double most)
    {
        RequireMember(name);
        return Number(name, least, most);
    }

    /// <summary>A number within bounds.</summary>
    public double? Number(string name, double least, double most)
    {
        if (Take(name, "a number", JsonValueKind.Number) is not { } found) return null;
        double value = double.Parse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (value >= least && value <= most) return value;
        _file.Report(found, string.Create(CultureInfo.InvariantCulture, $"{found.Text} is out of its range: {least} to {most}"));
        return null;
    }

    /// <summary>A list of TCP ports; empty where there is none.</summary>
    public IReadOnlyList<int> Ports(string name)
    {
        if (Take(name, "a list", JsonValueKind.Array) is not { } found) return [];
        var ports = new List<int>();
        foreach (ConfigNode item in found.Items)
        {
            if (item.Kind == JsonValueKind.Number && int.TryParse(item.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535)
                ports.Add(port);
            else
                _file.Report(item, "a port is expected, 1 to 65535");
        }
        return ports;
    }

    /// <summary>A time, given as a number of seconds.</summary>
    public TimeSpan? Seconds(string name)
    {
        if (Take(name, "a number of seconds", JsonValueKind.Number) is not { } found) return null;
        double value = double.Parse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (value is >= 0 and < 1e8) return TimeSpan.FromSeconds(value);
        _file.Report(found, "a number of seconds from 0 to 100,000,000 is expected");
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? Choice(string name, params string[] words)
    {
        if (Take(name, "a text", JsonValueKind.String) is not { } found) return null;
        if (words.Contains(found.Text)) return found.Text;
        _file.Report(found, $"one of {string.Join(", ", words)} is expected");
        return null;
    }

    /// <summary>An object; nothing where there is none.</summary>
    public ConfigObject? Object(string name) => Take(name, "an object", JsonValueKind.Object) is { } found ? new ConfigObject(_file, found) : null;

    /// <summary>A list of objects, at least one.</summary>
    public IReadOnlyList<ConfigObject> Objects(string name)
    {
        RequireMember(name);
        if (Take(name, "a list", JsonValueKind.Array) is not { } found) return [];
        if (found.Items.Count == 0) _file.Report(found, "it is empty");
        return ReadObjects(found);
    }

    /// <summary>A list of objects; empty where there is none.</summary>
    public IReadOnlyList<ConfigObject> ObjectsOrNone(string name) => Take(name, "a list", JsonValueKind.Array) is { } found ? ReadObjects(found) : [];

    /// <summary>A list of texts; nothing where there is none.</summary>
    public IReadOnlyList<ConfigNode>? TextList(string name)
    {
        if (Take(name, "a list", JsonValueKind.Array) is not { } found) return null;
        var texts = new List<ConfigNode>();
        foreach (ConfigNode item in found.Items)
        {
            if (item.Kind == JsonValueKind.String) texts.Add(item);
            else _file.Report(item, $"a text is expected, not {item.KindName}");
        }
        return texts;
    }

    /// <summary>An object whose members are texts.</summary>
    public IReadOnlyList<(string Name, string Value)> Texts(string name)
    {
        if (Take(name, "an object", JsonValueKind.Object) is not { } found) return [];
        var texts = new List<(string, string)>();
        foreach ((string member, ConfigNode value) in found.Members)
        {
            if (value.Kind == JsonValueKind.String) texts.Add((member, value.Text));
            else _file.Report(value, $"a text is expected, not {value.KindName}");
        }
        return texts;
    }

    /// <summary>Says where a member stands, or the object, where there is no such member.</summary>
    public ConfigurationException Wrong(string name, string message) => ConfigurationException.At(_file.Name, Find(name) ?? Node, message);

    /// <summary>Tells of a mistake in a member, or in the object, where there is no such member.</summary>
    public void Report(string name, string message) => _file.Report(Find(name) ?? Node, message);

    /// <summary>Tells of a mistake in an item of a list.</summary>
    public void Report(ConfigNode item, string message) => _file.Report(item, message);

    /// <summary>Tells of every member that was never asked for.</summary>
    public void RequireNoMore()
    {
        foreach ((string name, ConfigNode value) in Unknown.ToArray())
        {
            _file.Report(value, NearestName.Of(name, _known) is { } meant
                ? $"there is no such setting: {meant}?"
                : $"there is no such setting; there are {string.Join(", ", _known.Where(static known => known[0] != '$'))}");
        }
    }

    private List<ConfigObject> ReadObjects(ConfigNode list)
    {
        var objects = new List<ConfigObject>();
        foreach (ConfigNode item in list.Items)
        {
            if (item.Kind == JsonValueKind.Object) objects.Add(new ConfigObject(_file, item));
            else _file.Report(item, $"an object is expected, not {item.KindName}");
        }
        return objects;
    }

    private void RequireMember(string name)
    {
        if (!Has(name)) _file.Report(Node, $"\"{name}\" is missing");
    }

    private ConfigNode? Find(string name) => Node.Members.FirstOrDefault(member => member.Name == name).Value;

    private ConfigNode? Take(string name, string expected, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!_known.Contains(name)) _known.Add(name);
        if (Find(name) is not { } value) return null;
        if (kinds.Contains(value.Kind)) return value;
        _file.Report(value, $"{expected} is expected, not {value.KindName}");
        return null;
    }
}
