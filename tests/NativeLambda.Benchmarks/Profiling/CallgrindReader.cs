using System.Globalization;

namespace NativeLambda.Benchmarks.Profiling;

/// <summary>Reads a file of callgrind's, whose format is in valgrind's manual: costs by line, names written out once and numbered then.</summary>
internal sealed class CallgrindReader
{
    private readonly Dictionary<string, string> _objects = [];
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<(string Module, string Name), (long Self, long Called)> _costs = [];
    private (string Module, string Name) _function = ("", "");
    private bool _isCall;
    private long? _total;

    private CallgrindReader()
    {
    }

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="BenchmarkException">It is not complete.</exception>
    public static CallgrindProfile Read(IEnumerable<string> lines)
    {
        var reader = new CallgrindReader();
        foreach (string line in lines) reader.Take(line);
        return new CallgrindProfile(
            reader._total ?? throw new BenchmarkException("callgrind has written no totals"),
            [.. reader._costs.GroupBy(static pair => (pair.Key.Module, Name: WithoutLevel(pair.Key.Name))).Select(Sum)]);
    }

    /// <summary>The levels of a recursive function as one: the instructions of all, and what ran under any one of them.</summary>
    private static CallgrindFunction Sum(IGrouping<(string Module, string Name), KeyValuePair<(string Module, string Name), (long Self, long Called)>> levels) =>
        new(
            levels.Key.Module,
            levels.Key.Name,
            levels.Sum(static level => level.Value.Self),
            levels.Max(static level => level.Value.Self + level.Value.Called));

    /// <summary>callgrind writes a function that was called by itself as <c>name'2</c>.</summary>
    private static string WithoutLevel(string name)
    {
        int mark = name.LastIndexOf('\'');
        return mark > 0 && name.AsSpan(mark + 1).ContainsAnyExceptInRange('0', '9') is false ? name[..mark] : name;
    }

    private void Take(string line)
    {
        if (line.Length == 0) return;
        if (char.IsAsciiDigit(line[0]) || line[0] is '+' or '-' or '*')
        {
            // position, then the count of instructions
            long cost = long.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            (long self, long called) = _costs.GetValueOrDefault(_function);
            _costs[_function] = _isCall ? (self, called + cost) : (self + cost, called);
            _isCall = false;
        }
        else if (Value(line, "fn=") is { } function) _function = (_function.Module, Name(_names, function));
        else if (Value(line, "ob=") is { } module) _function = (Module(Name(_objects, module)), "");
        else if (Value(line, "cfn=") is { } called) Name(_names, called);
        else if (Value(line, "cob=") is { } calledModule) Name(_objects, calledModule);
        else if (line.StartsWith("calls=", StringComparison.Ordinal)) _isCall = true;
        else if ((Value(line, "summary: ") ?? Value(line, "totals: ")) is { } total)
            _total = long.Parse(total, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Of the code that .NET's compiler puts into a section of its own, callgrind does not know the file.</summary>
    private static string Module(string path) => path == "???" ? "bootstrap" : Path.GetFileName(path);

    private static string? Value(string line, string key) => line.StartsWith(key, StringComparison.Ordinal) ? line[key.Length..] : null;

    /// <summary>"(12) name" gives number 12 a name, "(12)" stands for it from then on.</summary>
    private static string Name(Dictionary<string, string> names, string text)
    {
        int end = text.IndexOf(')', StringComparison.Ordinal);
        if (text[0] != '(' || end < 0) return text;
        string number = text[..end];
        if (text.Length > end + 2) names[number] = text[(end + 2)..];
        return names[number];
    }
}
