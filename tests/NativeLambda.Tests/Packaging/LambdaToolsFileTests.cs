using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml.Linq;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Configuration;
using NativeLambda.Packaging;
using NativeLambda.Packaging.Publishing;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Packaging;

/// <summary>The file of <c>dotnet lambda</c> that this repository ships.</summary>
public sealed class LambdaToolsFileTests
{
    private static readonly string Shipped = Path.Combine(RepositoryFiles.Root, ToolDefaults.FileName);

    [Fact]
    public void The_shipped_file_is_what_dotnet_lambda_reads() => Assert.Empty(LambdaToolsFile.Faults(File.ReadAllText(Shipped)));

    [Theory]
    [InlineData("""{ "function-memory": 512 }""", "function-memory: dotnet lambda does not know it and passes over it")]
    [InlineData("""{ "function-memory-size": "512" }""", "function-memory-size: a number is expected, not String")]
    [InlineData("""{ "function-memory-size": 512.5 }""", "function-memory-size: a whole number is expected")]
    [InlineData("""{ "function-publish": "true" }""", "function-publish: a boolean is expected, not String")]
    [InlineData("""{ "function-subnets": ["subnet-1", "subnet-2"] }""", "function-subnets: a list is expected as one text, not Array")]
    [InlineData("""{ "function-subnets": "subnet-1, subnet-2" }""", "function-subnets: items without spaces are expected, with commas between")]
    [InlineData("""{ "environment-variables": { "A": "1" } }""", "environment-variables: a pairs is expected as one text, not Object")]
    [InlineData("""{ "environment-variables": "A=1,B" }""", null)] // one variable, A, whose value is "1,B"
    [InlineData("""{ "environment-variables": "A=1;B" }""", "environment-variables: NAME=value;NAME=value is expected")]
    [InlineData("""{ "environment-variables": "A=\"1;B=2" }""", "environment-variables: a quotation mark has no partner")]
    [InlineData("""{ "region": "eu-west-1", "region": "eu-west-2" }""", "region: named twice")]
    [InlineData("""{ "Information": "text" }""", "Information: a list of texts is expected")]
    public void What_it_would_pass_over_or_misread_is_found(string text, string? fault) =>
        Assert.Equal(fault is null ? [] : [fault], LambdaToolsFile.Faults(text));

    [Theory]
    [InlineData("""{ "region": "eu-west-1", }""")]
    [InlineData("""{ "region": "eu-west-1" /* where */ }""")] // it fails on it as soon as it saves its settings
    public void Trailing_commas_and_comments_are_found(string text) => Assert.Single(LambdaToolsFile.Faults(text));

    [Fact]
    public void Its_values_are_those_of_a_custom_runtime_on_Amazon_Linux_2023()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Shipped));
        JsonElement root = document.RootElement;
        Assert.Equal("provided.al2023", root.GetProperty("function-runtime").GetString());
        Assert.Equal("bootstrap", root.GetProperty("function-handler").GetString());
        Assert.Contains(LambdaArchitecture.All, architecture => architecture.Name == root.GetProperty("function-architecture").GetString());
        Assert.InRange(root.GetProperty("function-memory-size").GetInt32(), 128, 10_240);
        Assert.InRange(root.GetProperty("function-timeout").GetInt32(), 1, 900);
        // Left open: they are the deployer's.
        foreach (string own in (string[])["profile", "region", "function-role", "function-subnets", "function-security-groups"]) Assert.Equal("", root.GetProperty(own).GetString());
        // The tool replaces all variables of the function by environment-variables, those of the database among them; to these it only adds.
        Assert.False(root.TryGetProperty("environment-variables", out _));
        Assert.Contains($"NATIVELAMBDA_STATEMENT_TIMEOUT={root.GetProperty("function-timeout").GetInt32()}s", root.GetProperty("append-environment-variables").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_emulator_reads_it_without_a_warning()
    {
        Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "the file is for x86_64");
        var warnings = new List<string>();
        LocalLambdaOptions options = LambdaToolsDefaults.Read(Shipped, variables: null, warnings.Add);
        Assert.Empty(warnings);
        Assert.Equal(("products", 512, 10), (options.FunctionName, options.MemorySizeMb, options.Timeout.TotalSeconds));
        Assert.Equal("10s", options.Environment["NATIVELAMBDA_STATEMENT_TIMEOUT"]);
    }

    [Fact]
    public void The_emulator_warns_of_no_key_that_dotnet_lambda_knows_and_of_all_others()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(folder, ToolDefaults.FileName);
        var warnings = new List<string>();
        string Value(string name, string kind) => name is "function-architecture" ? $"\"{LambdaArchitecture.Host.Name}\"" : kind switch { "number" => "600", "boolean" => "true", _ => "\"\"" };
        IEnumerable<string> all = LambdaToolsFile.Options.Where(static option => option.Key is not ("function-runtime" or "log-format" or "log-application-level" or "log-system-level"))
            .Select(option => $"\"{option.Key}\": {Value(option.Key, option.Value)}");
        File.WriteAllText(file, $"{{ {string.Join(",\n", all)},\n\"native-aot\": true }}");
        LambdaToolsDefaults.Read(file, variables: null, warnings.Add);
        Directory.Delete(folder, recursive: true);
        Assert.Contains(" native-aot: ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_tool_looks_up_in_the_project_stands_there_literally()
    {
        // Where its question to MSBuild fails it reads the file as it is, without what Directory.Build.props adds.
        XElement project = XElement.Load(Path.Combine(RepositoryFiles.Root, "src", "NativeLambda.Function", "NativeLambda.Function.csproj"));
        string? Literal(string name) => project.Elements("PropertyGroup").Elements(name).SingleOrDefault()?.Value;
        Assert.Equal(("true", "net10.0", "Exe", "true", "bootstrap"),
            (Literal("PublishAot"), Literal("TargetFramework"), Literal("OutputType"), Literal("SelfContained"), Literal("AssemblyName")));
        Assert.Equal("net10.0", ToolDefaults.Read(Shipped).Framework);
    }
}
