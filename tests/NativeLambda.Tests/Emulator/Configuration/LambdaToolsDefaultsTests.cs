using System.Runtime.InteropServices;
using NativeLambda.Configuration;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Configuration;

namespace NativeLambda.Tests.Emulator.Configuration;

public sealed class LambdaToolsDefaultsTests : IDisposable
{
    private static readonly string Machine = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x86_64";
    private static readonly string Other = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "x86_64" : "arm64";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Its_keys_are_those_of_dotnet_lambda()
    {
        LocalLambdaOptions options = Read($$"""
            {
              "Information": ["This file holds the defaults of the deployment."],
              "profile": "default", "region": "eu-west-1", "configuration": "Release", "function-runtime": "provided.al2023",
              "function-architecture": "{{Machine}}", "function-name": "products", "function-description": "d", "function-memory-size": 512,
              "function-timeout": 12, "function-handler": "bootstrap", "environment-variables": "\"A\"=\"x=y\";B=2", "s3-bucket": "b", "log-format": "JSON",
              "log-application-level": "DEBUG", "log-system-level": "WARN", "log-group": "g" // comment
            }
            """);
        Assert.Equal(("products", "d", 512, 12, "bootstrap", "eu-west-1"),
            (options.FunctionName, options.Description, options.MemorySizeMb, options.Timeout.TotalSeconds, options.Handler, options.Region));
        Assert.Equal(("x=y", "2"), (options.Environment["A"], options.Environment["B"]));
        Assert.Equal((LogFormat.Json, ApplicationLogLevel.Debug, SystemLogLevel.Warn), (options.LogFormat, options.ApplicationLogLevel, options.SystemLogLevel));
        Assert.Empty(_warnings);
        Assert.Equal("", options.Bootstrap);
    }

    [Fact]
    public void The_newest_published_bootstrap_is_found()
    {
        string older = Publish("Debug"), newer = Publish("Release");
        File.SetLastWriteTimeUtc(older, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(newer, Read("{}").Bootstrap);
    }

    [Fact]
    public void It_is_looked_for_in_the_project_that_the_file_names()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "src", "Function"));
        string published = Publish("Release", "src", "Function");
        Assert.Equal("", Read("{}").Bootstrap);
        Assert.Equal(published, Read("""{ "project-location": "src/Function" }""").Bootstrap);
    }

    [Fact]
    public void Variables_to_append_are_added_to_the_others_and_override_them()
    {
        LocalLambdaOptions options = Read("""{ "environment-variables": "A=1;B=1", "append-environment-variables": "B=2;C=2" }""");
        Assert.Equal(("1", "2", "2"), (options.Environment["A"], options.Environment["B"], options.Environment["C"]));
    }

    [Fact]
    public void An_empty_text_is_as_good_as_none()
    {
        LocalLambdaOptions none = Read("{}"), empty = Read("""{ "region": "", "function-name": "", "function-handler": "", "append-environment-variables": "" }""");
        Assert.Equal((none.Region, none.FunctionName, none.Handler), (empty.Region, empty.FunctionName, empty.Handler));
    }

    [Fact]
    public void A_key_that_nobody_knows_is_told_once()
    {
        Read("{\n\"function-memory\": 512,\n\"profile\": \"p\"\n}");
        Assert.Equal($"{_directory}/{LambdaToolsDefaults.FileName}:2: function-memory: neither dotnet lambda nor the emulator knows it; it is ignored", Assert.Single(_warnings));
    }

    [Theory]
    [InlineData("{\n\"function-memory-size\": \"512\" }", ":2:25: function-memory-size: a whole number is expected, not a text")]
    [InlineData("{ \"environment-variables\": { \"A\": \"1\" } }", "environment-variables: a text is expected, not an object")]
    [InlineData("{ \"environment-variables\": \"hunter2\" }", "environment-variables: pairs are expected")]
    [InlineData("{ \"function-runtime\": \"dotnet10\" }", "function-runtime: dotnet10: the emulator runs executables named bootstrap")]
    [InlineData("{ \"function-memory-size\": 64 }", "memory size 64: 128 to 10240 MB")]
    [InlineData("{ \"function-timeout\": 3, }", ":1:")] // dotnet lambda takes no trailing comma either
    public void What_the_tool_would_refuse_is_refused(string text, string message)
    {
        string told = Assert.Throws<ConfigurationException>(() => Read(text)).Message;
        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_for_another_machine_is_refused()
    {
        string told = Assert.Throws<ConfigurationException>(() => Read($$"""{ "function-architecture": "{{Other}}" }""")).Message;
        Assert.Contains($"the function is for {Other}, this machine is {Machine}", told, StringComparison.Ordinal);
    }

    private string Publish(string configuration, params string[] project)
    {
        string folder = Directory.CreateDirectory(Path.Combine([_directory, .. project, "bin", configuration, "net10.0", "linux-x64", "publish"])).FullName;
        string file = Path.Combine(folder, "bootstrap");
        File.WriteAllText(file, "#!/bin/sh\n");
        return file;
    }

    private LocalLambdaOptions Read(string text)
    {
        string file = Path.Combine(_directory, LambdaToolsDefaults.FileName);
        File.WriteAllText(file, text);
        return LambdaToolsDefaults.Read(file, variables: null, _warnings.Add);
    }
}
