using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeLambda.Configuration;

/// <summary>Reads JSON into nodes that know their line: a mistake in a file is to be found where it was made.</summary>
internal ref struct ConfigParser
{
    private readonly string _file;
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;

    private ConfigParser(string file, ReadOnlySpan<byte> text, bool trailingCommas)
    {
        _file = file;
        _text = text;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = trailingCommas });
    }

    /// <summary>The object that the file holds. Comments are allowed.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or is no object in JSON.</exception>
    public static ConfigNode ReadFile(string file, bool trailingCommas)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file}: {exception.Message}", exception);
        }
        return Parse(file, text.AsSpan() is [0xef, 0xbb, 0xbf, ..] ? text.AsSpan(3) : text, trailingCommas);
    }

    internal static ConfigNode Parse(string file, ReadOnlySpan<byte> text, bool trailingCommas)
    {
        var parser = new ConfigParser(file, text, trailingCommas);
        try
        {
            parser._reader.Read();
            ConfigNode root = parser.ReadValue("");
            if (root.Kind != JsonValueKind.Object) throw ConfigurationException.At(file, root, $"an object is expected, not {root.KindName}");
            parser._reader.Read(); // nothing may follow
            return root;
        }
        catch (JsonException exception)
        {
            string message = exception.Message.Split(" LineNumber:")[0];
            throw new ConfigurationException(
                string.Create(CultureInfo.InvariantCulture, $"{file}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: {message}"), exception);
        }
    }

    private ConfigNode ReadValue(string path)
    {
        (int line, int column) = Position();
        var node = new ConfigNode { Kind = Kind(_reader.TokenType), Path = path, Line = line, Column = column };
        return node.Kind switch
        {
            JsonValueKind.Object => node with { Members = ReadMembers(path) },
            JsonValueKind.Array => node with { Items = ReadItems(path) },
            JsonValueKind.String => node with { Text = _reader.GetString()! },
            JsonValueKind.Number => node with { Text = Encoding.UTF8.GetString(_reader.ValueSpan) },
            _ => node,
        };
    }

    private List<(string, ConfigNode)> ReadMembers(string path)
    {
        var members = new List<(string Name, ConfigNode Value)>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = _reader.GetString()!;
            _reader.Read();
            ConfigNode value = ReadValue(path.Length == 0 ? name : $"{path}.{name}");
            if (members.Any(member => member.Name == name)) throw ConfigurationException.At(_file, value, "it is given twice");
            members.Add((name, value));
        }
        return members;
    }

    private List<ConfigNode> ReadItems(string path)
    {
        var items = new List<ConfigNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue(string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]")));
        return items;
    }

    private readonly (int Line, int Column) Position()
    {
        ReadOnlySpan<byte> before = _text[..(int)_reader.TokenStartIndex];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private static JsonValueKind Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };
}
