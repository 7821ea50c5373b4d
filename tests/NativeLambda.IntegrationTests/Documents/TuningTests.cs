using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeLambda.Database;
using NativeLambda.Extensions;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Runtime;
using NativeLambda.Settings;

namespace NativeLambda.IntegrationTests.Documents;

/// <summary>docs/tuning.md says what the code does: every setting, its default and what it may be.</summary>
public sealed partial class TuningTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tuning.md"));

    /// <summary>The rows that say what is allowed: variable, default, allowed.</summary>
    public static TheoryData<string, string, string> Settings =>
        [.. SettingRow().Matches(Document).Select(row => (row.Groups["name"].Value, row.Groups["default"].Value, row.Groups["allowed"].Value))];

    [Fact]
    public void Every_variable_that_the_code_reads_is_there_and_every_one_there_is_read()
    {
        string[] read = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src", "NativeLambda"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "src", "NativeLambda.Function"), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => QuotedVariable().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().Order()];
        string[] told = [.. ToldVariable().Matches(Document).Select(match => match.Groups[1].Value).Distinct().Order()];
        Assert.Contains("NATIVELAMBDA_PING_AFTER", read);
        Assert.Equal(read, told);
    }

    [Fact]
    public void Every_variable_of_the_library_has_a_row_of_its_own()
    {
        string[] told = [.. ToldVariable().Matches(Document).Select(match => match.Groups[1].Value).Where(name => name.StartsWith("NATIVELAMBDA_", StringComparison.Ordinal)).Distinct().Order()];
        Assert.Equal(told, RowOfLibrary().Matches(Document).Select(match => match.Groups[1].Value).Order());
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Its_default_is_what_the_code_takes_without_it(string variable, string @default, string allowed)
    {
        Assert.Equal(Read(), Read((variable, @default)));
        Assert.NotEqual(Read(), Read((variable, Allowed(allowed).First(value => value != @default)))); // that it is read at all
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_is_allowed_is_taken_and_what_lies_beyond_is_refused(string variable, string @default, string allowed)
    {
        foreach (string value in Allowed(allowed))
            Read((variable, value));
        Assert.Contains(@default, Allowed(allowed).Concat([@default]));
        Assert.All(Beyond(allowed), value => Assert.Equal(variable, Assert.Throws<SettingsException>(() => Read((variable, value))).Variable));
    }

    [Fact]
    public void The_settings_of_a_build_are_those_that_the_build_reads()
    {
        string[] files = ["src/NativeLambda/build/NativeLambda.targets", "src/NativeLambda.Function/NativeLambda.Function.csproj", "Directory.Build.props"];
        string[] own = [.. files.SelectMany(file => XDocument.Load(Path.Combine(Repository.Root, file)).Descendants()
            .Attributes("Condition").SelectMany(condition => ConditionProperty().Matches(condition.Value)).Select(match => match.Groups[1].Value))
            .Where(name => name is "LambdaRuntime" or "DeploymentPackage" || name.StartsWith("NativeLambda", StringComparison.Ordinal)).Distinct().Order()];
        Assert.Equal(own.Append("StaticOpenSslLinking").Order(), BuildRow().Matches(Document[Document.IndexOf("## As it is built", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value).Order());
    }

    /// <summary>All that the variables decide, as values that can be compared.</summary>
    private static object Read(params (string Name, string Value)[] set)
    {
        string? Get(string name) => set.FirstOrDefault(pair => pair.Name == name).Value ?? name switch
        {
            "PGHOST" => "localhost",
            "PGUSER" or "PGDATABASE" => "one",
            _ => null,
        };
        DatabaseSettings settings = DatabaseSettings.FromVariables(Get);
        bool extension = new VariableReader(Get).Switch(ShutdownExtension.Variable, fallback: true);
        // Of the three words the middle one shows only where Lambda says that nobody waits.
        bool[] primes = [PrimingChoice.Read(Get), PrimingChoice.Read(name => name == PrimingChoice.InitializationVariable ? "provisioned-concurrency" : Get(name))];
        return (settings.Lifetime, settings.Server, settings.Pressure, settings.Telemetry, extension, primes[0], primes[1]);
    }

    private static IEnumerable<string> Allowed(string cell) => Word().Matches(cell).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Beyond(string cell)
    {
        yield return "nonsense";
        string[] words = [.. Allowed(cell)];
        if (!cell.Contains(" to ", StringComparison.Ordinal)) yield break;
        if (words[0].EndsWith('%'))
        {
            yield return "0%";
            yield return string.Create(CultureInfo.InvariantCulture, $"{int.Parse(words[1].TrimEnd('%'), CultureInfo.InvariantCulture) + 1}%");
            yield break;
        }

        TimeSpan[] ends = [.. words.Select(static word => Duration.TryParse(word, out TimeSpan value) ? value : throw new FormatException(word))];
        yield return Duration.Format(ends[1] + TimeSpan.FromMilliseconds(1));
        if (ends[0] > TimeSpan.Zero) yield return Duration.Format(ends[0] - TimeSpan.FromMilliseconds(1));
    }

    [GeneratedRegex(@"^\| `(?<name>NATIVELAMBDA_\w+)` \| `(?<default>[^`]+)` \| (?<allowed>`[^|]+`) \| ", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"^\| `(NATIVELAMBDA_\w+)` \| ", RegexOptions.Multiline)]
    private static partial Regex RowOfLibrary();

    [GeneratedRegex(@"^\| `(\w+)` \| ", RegexOptions.Multiline)]
    private static partial Regex BuildRow();

    [GeneratedRegex(@"""((?:NATIVELAMBDA|AWS|PARAMETERS|SSL_CERT)_[A-Z_]+|PG[A-Z]+|DATABASE_URL|HOME)""")]
    private static partial Regex QuotedVariable();

    [GeneratedRegex(@"`((?:NATIVELAMBDA|AWS|PARAMETERS|SSL_CERT)_[A-Z_]+|PG[A-Z]+|DATABASE_URL|HOME)[`=]")]
    private static partial Regex ToldVariable();

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex ConditionProperty();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word();
}
