using NativeLambda.Gateway.Cli;
using NativeLambda.Gateway.Configuration;

namespace NativeLambda.Gateway.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "--config or --function is needed")]
    [InlineData("--config a.json --function f", "--function is for a gateway without a file")]
    [InlineData("--check", "--check needs --config")]
    [InlineData("--function f --listen 127.0.0.1:80", "--listen 127.0.0.1:80: an address is expected")]
    [InlineData("--function f --listen https://*:443", "--listen https://*:443: https:// needs a certificate")]
    [InlineData("--function f --endpoint here", "--endpoint here: an endpoint is a URL")]
    [InlineData("--function a.b", "--function a.b: this is no function")]
    [InlineData("--function f --colour", "--colour")]
    public async Task A_command_line_that_cannot_be_is_told_and_exits_with_2(string arguments, string message)
    {
        (int exit, string told) = await RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, exit);
        Assert.Contains(message, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_checked()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("gateway.json"), """{ "routes": [ { "route": "$default", "function": "f" } ] }""");
        Assert.Equal((0, $"{folder.At("gateway.json")}: no mistake; routes: 1\n"), await RunAsync("--config", folder.At("gateway.json"), "--check"));
        await File.WriteAllTextAsync(folder.At("gateway.json"), """{ "routes": [ { "route": "$default", "function": "f", "timeout": 0 } ] }""");
        (int exit, string told) = await RunAsync("--config", folder.At("gateway.json"), "--check");
        Assert.Equal(1, exit);
        Assert.StartsWith($"{folder.At("gateway.json")}:1:66: routes[0].timeout: ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told()
    {
        (int exit, string told) = await RunAsync("--config", "/nowhere/gateway.json");
        Assert.Equal(1, exit);
        Assert.Contains("/nowhere/gateway.json", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_comes_before_the_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("gateway.json"), """{ "lambda": { "region": "a", "endpoint": "http://b" }, "routes": [ { "route": "$default", "function": "f" } ] }""");
        var source = new CommandConfiguration { File = folder.At("gateway.json"), Listen = ["http://127.0.0.1:1", "unix:/x"], Endpoint = "http://127.0.0.1:2", Region = "c" };
        GatewayConfiguration configuration = source.Read();
        Assert.Equal("http://127.0.0.1:1 unix:/x http://127.0.0.1:2/ c", $"{configuration.Listeners[0]} {configuration.Listeners[1]} {configuration.Lambda.Endpoint} {configuration.Lambda.Region}");
    }

    [Fact]
    public void Without_a_file_every_request_is_for_the_function()
    {
        GatewayConfiguration configuration = new CommandConfiguration { Function = "products:live" }.Read();
        Assert.Equal("$default products:live http://127.0.0.1:8080", $"{Assert.Single(configuration.Routes)} {configuration.Routes[0].Function} {configuration.Listeners[0]}");
        Assert.Null(configuration.Operation.Management);
    }

    private static async Task<(int Exit, string Told)> RunAsync(params string[] arguments)
    {
        await using var errors = new StringWriter { NewLine = "\n" };
        return (await CommandLine.RunAsync(arguments, errors), errors.ToString());
    }
}
