using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NativeLambda.Database;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Deploy;

/// <summary>The template, the module and the settings of <c>dotnet lambda</c> deploy the same function, with variables that it reads.</summary>
public sealed partial class InfrastructureDefaultsTests
{
    private static readonly string Template = File.ReadAllText(InfrastructureCheck.Template);
    private static readonly string Module = string.Concat(Directory.GetFiles(InfrastructureCheck.Module, "*.tf").Order().Select(File.ReadAllText));

    /// <summary>Parameters of the template that are no variable of the module, or are one of another form.</summary>
    private static readonly string[] TemplateOnly =
    [
        "CodeBucket", "CodeKey", "CodeSha256", // the module takes the file
        "DatabaseHost", "DatabaseResourceId", "DatabaseInstanceIdentifier", "DatabaseSecurityGroupId", // existing_database
    ];

    private static Dictionary<string, string> TemplateDefaults => ParameterPattern().Matches(Template[..Template.IndexOf("\nRules:", StringComparison.Ordinal)])
        .ToDictionary(match => match.Groups["name"].Value, match => Plain(DefaultPattern().Match(match.Value).Groups["value"].Value));

    private static Dictionary<string, string> ModuleDefaults => VariablePattern().Matches(Module)
        .ToDictionary(match => match.Groups["name"].Value, match => Plain(match.Groups["default"].Value));

    [Fact]
    public void The_template_and_the_module_have_the_same_parameters_with_the_same_defaults()
    {
        Dictionary<string, string> template = TemplateDefaults, module = ModuleDefaults;
        Assert.Equal(
            [.. module.Keys.Except(["package", "existing_database", "connections_kept_back", "tags"]).Order()],
            template.Keys.Except(TemplateOnly).Select(Snake).Order());
        foreach (string name in template.Keys.Except(TemplateOnly))
            Assert.True(template[name] == module[Snake(name)], $"{name}: {template[name]} and {module[Snake(name)]}");
    }

    [Fact]
    public void Environments_and_what_is_kept_back_fit_into_the_servers_slots()
    {
        int Number(string name) => int.Parse(ModuleDefaults[name], CultureInfo.InvariantCulture);
        Assert.InRange(Number("reserved_concurrency") + Number("connections_kept_back"), 1, Number("max_connections"));
    }

    [Fact]
    public void Every_variable_of_the_function_is_one_that_the_library_reads()
    {
        string[] read = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => QuotedVariablePattern().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct()];
        Assert.Contains("NATIVELAMBDA_AUTH", read);
        foreach (string text in new[] { Template, Module })
        {
            string[] set = [.. SetVariablePattern().Matches(text).Select(match => match.Groups[1].Value).Distinct()];
            Assert.Contains("PGSSLROOTCERT", set);
            Assert.Empty(set.Except(read));
        }

        Assert.Equal(SetVariablePattern().Matches(Template).Select(match => match.Groups[1].Value).Order(), SetVariablePattern().Matches(Module).Select(match => match.Groups[1].Value).Order());
    }

    [Theory]
    [InlineData("iam", "auto", null)]
    [InlineData("iam", "rdsproxy", null)]
    [InlineData("secret", "auto", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:products-a1b2c3")]
    public void The_library_takes_the_values_that_they_are_given(string auth, string server, string? secret)
    {
        Assert.Contains("NATIVELAMBDA_AUTH: !If [UsesSecret, secret, iam]", Template, StringComparison.Ordinal);
        Assert.Contains("NATIVELAMBDA_SERVER: !If [CreatesProxy, rdsproxy, auto]", Template, StringComparison.Ordinal);
        Dictionary<string, string> defaults = TemplateDefaults;
        string certificate = Path.GetTempFileName();
        try
        {
            using var authority = new CertificateAuthority();
            File.WriteAllText(certificate, authority.CertificatePem);
            var variables = new Dictionary<string, string?>
            {
                ["PGHOST"] = "products.abc.eu-central-1.rds.amazonaws.com",
                ["PGPORT"] = defaults["DatabasePort"],
                ["PGDATABASE"] = defaults["DatabaseName"],
                ["PGUSER"] = defaults["DatabaseUser"],
                ["PGSSLMODE"] = "verify-full",
                ["PGSSLROOTCERT"] = certificate,
                ["NATIVELAMBDA_AUTH"] = auth,
                ["NATIVELAMBDA_SECRET_ID"] = secret,
                ["NATIVELAMBDA_SERVER"] = server,
                ["NATIVELAMBDA_METRICS"] = "on",
                ["NATIVELAMBDA_STATEMENT_TIMEOUT"] = $"{defaults["Timeout"]}s",
                ["AWS_REGION"] = "eu-central-1",
                ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
                ["AWS_SECRET_ACCESS_KEY"] = "example",
                ["AWS_SESSION_TOKEN"] = "example",
            };
            Assert.Empty(SetVariablePattern().Matches(Template).Select(match => match.Groups[1].Value).Except(variables.Keys));
            DatabaseSettings settings = DatabaseSettings.FromVariables(variables.GetValueOrDefault);
            Assert.Equal(TimeSpan.FromSeconds(int.Parse(defaults["Timeout"], CultureInfo.InvariantCulture)), settings.Server.StatementTimeout);
            Assert.Contains("NATIVELAMBDA_METRICS: \"on\"", Template, StringComparison.Ordinal);
            Assert.Matches("NATIVELAMBDA_METRICS +?= \"on\"", Module);
            Assert.True(settings.Telemetry.Metrics);
        }
        finally
        {
            File.Delete(certificate);
        }
    }

    [Fact]
    public void Dotnet_lambda_deploys_the_same_function()
    {
        string file = Path.Combine(Repository.Root, "aws-lambda-tools-defaults.json");
        Assert.SkipUnless(File.Exists(file), "aws-lambda-tools-defaults.json is not there");
        using var tools = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        string Tool(string key) => tools.RootElement.GetProperty(key).ToString();
        Dictionary<string, string> defaults = TemplateDefaults;
        Assert.Equal(defaults["MemorySize"], Tool("function-memory-size"));
        Assert.Equal(defaults["Timeout"], Tool("function-timeout"));
        Assert.Equal(defaults["Architecture"], Tool("function-architecture"));
        Assert.Contains($"      Runtime: {Tool("function-runtime")}\n", Template, StringComparison.Ordinal);
        Assert.Contains($"      Handler: {Tool("function-handler")}\n", Template, StringComparison.Ordinal);
        Assert.Matches($"runtime +?= \"{Tool("function-runtime")}\"", Module);
        Assert.Matches($"handler +?= \"{Tool("function-handler")}\"", Module);
        Assert.Equal(defaults["FunctionName"], Tool("function-name"));
        Assert.Equal(defaults["Tracing"], Tool("tracing-mode"));
        Assert.Equal($"NATIVELAMBDA_STATEMENT_TIMEOUT={defaults["Timeout"]}s", Tool("append-environment-variables"));
        Assert.Contains($"        ApplicationLogLevel: {Tool("log-application-level")}\n", Template, StringComparison.Ordinal);
        Assert.Contains($"        SystemLogLevel: {Tool("log-system-level")}\n", Template, StringComparison.Ordinal);
        Assert.Contains($"        LogFormat: {Tool("log-format")}\n", Template, StringComparison.Ordinal);
        Assert.Matches($"application_log_level +?= \"{Tool("log-application-level")}\"", Module);
        Assert.Matches($"system_log_level +?= \"{Tool("log-system-level")}\"", Module);
    }

    /// <summary>MemorySize is memory_size, MultiAZ is multi_az.</summary>
    private static string Snake(string name) => string.Concat(name.Select((letter, index) =>
        char.IsUpper(letter) && index > 0 && !char.IsUpper(name[index - 1]) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    /// <summary>Without quotes, and with one word for each truth.</summary>
    private static string Plain(string value) => value.Trim().Trim('"') switch
    {
        "yes" => "true",
        "no" => "false",
        "null" => "",
        { } plain => plain,
    };

    [GeneratedRegex("""^  (?<name>[A-Z]\w+):(?= \{|\n    Type).*?(?=\n  \w|\z)""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex("""Default: (?<value>"[^"]*"|[^,}\n]+)""")]
    private static partial Regex DefaultPattern();

    [GeneratedRegex("""^variable "(?<name>\w+)" \{\n.*?(  default\s+= (?<default>[^\n]+)\n.*?)?^\}""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex VariablePattern();

    [GeneratedRegex("\"((?:NATIVELAMBDA|PG)_?[A-Z_]+)\"")]
    private static partial Regex QuotedVariablePattern();

    [GeneratedRegex(@"^ +((?:NATIVELAMBDA_|PG)[A-Z_]+)(?=:| +=)", RegexOptions.Multiline)]
    private static partial Regex SetVariablePattern();
}
