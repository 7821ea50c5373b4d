using System.Text;
using System.Text.Json;
using NativeLambda.Configuration;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Configuration;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Tests.Emulator.Configuration;

public sealed class EmulatorConfigurationTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public void A_file_describes_functions_and_the_service()
    {
        LocalLambdaOptions options = Read("""
            {
              // a comment, and a trailing comma below
              "region": "eu-central-1", "port": 9100, "accountConcurrency": 50, "freeze": "signal", "isolateNetwork": true, "hostPorts": [8080, 8081],
              "functions": [
                {
                  "name": "orders", "bootstrap": "publish/bootstrap", "description": "takes orders", "handler": "h", "memory": 256, "cpu": "full",
                  "timeout": 7.5, "initTimeout": 5, "maxConcurrency": 4, "reservedConcurrency": 3, "provisionedConcurrency": 2,
                  "idleTimeout": 300, "maxAge": 7200, "scalingLimit": 20, "retryAttempts": 1, "maxEventAge": 60, "retryDelay": 0,
                  "deadLetterFile": "letters.jsonl", "urlPort": 9101, "logFormat": "JSON", "applicationLogLevel": "DEBUG", "systemLogLevel": "WARN", "environment": { "A": "file", "B": "2" }
                },
                { "name": "stock", "bootstrap": "/opt/stock/bootstrap" },
              ]
            }
            """, new Dictionary<string, string> { ["A"] = "given", ["C"] = "3" });
        Assert.Equal(("eu-central-1", 9100, 50, FreezeMethod.Signal), (options.Region, options.Port, options.AccountConcurrency, options.FreezeMethod));
        Assert.True(options.IsolateNetwork);
        Assert.Equal([8080, 8081], options.HostPorts);
        FunctionOptions orders = options.Functions[0];
        Assert.Equal((LogFormat.Json, ApplicationLogLevel.Debug, SystemLogLevel.Warn), (orders.LogFormat, orders.ApplicationLogLevel, orders.SystemLogLevel));
        Assert.Equal(("orders", "/srv/publish/bootstrap", "takes orders", "h"), (orders.FunctionName, orders.Bootstrap, orders.Description, orders.Handler));
        Assert.Equal((256, CpuShare.Full, 4, 3, 2), (orders.MemorySizeMb, orders.Cpu, orders.MaxConcurrency, orders.ReservedConcurrency, orders.ProvisionedConcurrency));
        Assert.Equal((7.5, 5, 300, 7200), (orders.Timeout.TotalSeconds, orders.InitTimeout!.Value.TotalSeconds, orders.IdleTimeout!.Value.TotalSeconds, orders.MaxAge!.Value.TotalSeconds));
        Assert.Equal((20, 1, 60, 0, "/srv/letters.jsonl", 9101), (orders.ScalingLimit, orders.MaximumRetryAttempts, orders.MaximumEventAge.TotalSeconds,
            orders.RetryDelay.TotalSeconds, orders.DeadLetterFile, orders.FunctionUrlPort));
        Assert.Equal("A=file B=2 C=3", string.Join(' ', orders.Environment.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal("/opt/stock/bootstrap", options.Functions[1].Bootstrap);
        Assert.Null(options.Functions[1].InitTimeout);
        Assert.Equal((LogFormat.Text, ApplicationLogLevel.Info, SystemLogLevel.Info), (options.Functions[1].LogFormat, options.Functions[1].ApplicationLogLevel, options.Functions[1].SystemLogLevel));
        Assert.Equal(CpuShare.ByMemorySize, options.Functions[1].Cpu); // as Lambda, unlike in a program
    }

    [Theory]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\", \"memory\": \"256\" }", 3, "functions[0].memory: a whole number is expected, not a text")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\", \"memory\": 25.6 }", 3, "functions[0].memory: a whole number is expected")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\" },\n    { \"name\": \"a\", \"bootstrap\": \"b\" }", 4, "functions[1].name: another function is named a")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\" }", 3, "functions[0]: \"bootstrap\" is missing")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\",\n    \"Time-Out\": 3 }", 4, "functions[0].Time-Out: there is no such setting: timeout?")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\",\n    \"colour\": 3 }", 4, "functions[0].colour: there is no such setting; there are ")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\",\n    \"memory\": 64 }", 3, "functions[0]: memory size 64: 128 to 10240 MB")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\",\n    \"timeout\": -1 }", 4, "functions[0].timeout: a number of seconds from 0 to 100,000,000 is expected")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\",\n    \"environment\": { \"N\": 1 } }", 4, "functions[0].environment.N: a text is expected, not a number")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\", \"environmentFile\": \"absent\" }", 3, "functions[0].environmentFile: --env-file")]
    [InlineData("{\n  \"functions\": [\n    7", 3, "functions[0]: an object is expected, not a number")]
    [InlineData("{\n\n  \"freeze\": \"hard\", \"functions\": [ { \"name\": \"a\", \"bootstrap\": \"b\" }", 3, "freeze: one of auto, cgroup, cgroup-v2, cgroup-v1, signal is expected")]
    [InlineData("{\n  \"hostPorts\": [ 1,\n 65536 ], \"functions\": [ { \"name\": \"a\", \"bootstrap\": \"b\" }", 3, "hostPorts[1]: a port is expected, 1 to 65535")]
    [InlineData("{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\",\n    \"logFormat\": \"json\" }", 4, "functions[0].logFormat: one of Text, JSON is expected")]
    [InlineData("{\n  \"region\": \"a\",\n  \"region\": \"b\", \"functions\": [ 1", 3, "region: it is given twice")]
    public void A_mistake_is_told_with_its_line_and_its_path(string text, int line, string message)
    {
        string told = Assert.Throws<ConfigurationException>(() => Read(text + "\n  ]\n}", NoVariables)).Message;
        Assert.StartsWith($"/srv/emulator.json:{line}:", told, StringComparison.Ordinal);
        Assert.Contains(": " + message, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n \"functions\": [\n }", 3)]
    [InlineData("{ \"functions\": [] } x", 1)]
    [InlineData("", 1)]
    public void What_is_no_JSON_is_told_with_its_line(string text, int line) => Assert.StartsWith(
        $"/srv/emulator.json:{line}:", Assert.Throws<ConfigurationException>(() => Read(text, NoVariables)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_value_that_may_be_secret_is_never_told()
    {
        string message = Assert.Throws<ConfigurationException>(
            () => Read("""{ "functions": [ { "name": "a", "bootstrap": "b", "environment": { "A-B": "hunter2" } } ] }""", NoVariables)).Message;
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
        Assert.Contains("A-B", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_beside_it_knows_the_same_settings()
    {
        JsonElement schema = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "emulator.schema.json")));
        JsonElement functions = schema.GetProperty("properties").GetProperty("functions").GetProperty("items");
        Assert.Equal(KnownOf("{ \"unknown\": 1, \"functions\": [ { \"name\": \"a\", \"bootstrap\": \"b\" } ] }"), Names(schema).Where(name => name != "$schema"));
        Assert.Equal(KnownOf("{ \"functions\": [ { \"name\": \"a\", \"bootstrap\": \"b\", \"unknown\": 1 } ] }"), Names(functions));
        Assert.False(functions.GetProperty("additionalProperties").GetBoolean());
    }

    private static IEnumerable<string> Names(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> KnownOf(string text)
    {
        string message = Assert.Throws<ConfigurationException>(() => Read(text, NoVariables)).Message;
        return message[(message.IndexOf("there are ", StringComparison.Ordinal) + "there are ".Length)..].Split(", ").Order(StringComparer.Ordinal);
    }

    private static LocalLambdaOptions Read(string text, IReadOnlyDictionary<string, string> variables) =>
        EmulatorConfiguration.Read("/srv/emulator.json", ConfigParser.Parse("/srv/emulator.json", Encoding.UTF8.GetBytes(text), trailingCommas: true), variables);
}
