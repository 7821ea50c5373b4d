using NativeLambda.Runtime;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Runtime;

public sealed class RuntimeApiEndpointTests
{
    [Theory]
    [InlineData("127.0.0.1:9001", "127.0.0.1", 9001)]
    [InlineData("127.0.0.1", "127.0.0.1", 80)]
    [InlineData("sandbox.local:65535", "sandbox.local", 65535)]
    [InlineData("[::1]:9001", "::1", 9001)]
    [InlineData("[fe80::1%25eth0]", "fe80::1%25eth0", 80)]
    public void An_address_has_host_and_port(string text, string host, int port) =>
        Assert.Equal(new RuntimeApiEndpoint(host, port, text), RuntimeApiEndpoint.Parse(text));

    [Theory]
    [InlineData(":9001")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("host:1 ")]
    [InlineData("host:1:2")]
    [InlineData("::1")]
    [InlineData("[::1")]
    [InlineData("[::1]9001")]
    [InlineData("[127.0.0.1]:1")]
    [InlineData("[]:1")]
    [InlineData("http://host:1")]
    [InlineData("host/path:1")]
    [InlineData("ho st:1")]
    [InlineData("host\r\nX: y:1")]
    public void What_is_no_address_is_refused_with_its_value(string text)
    {
        SettingsException e = Assert.Throws<SettingsException>(() => RuntimeApiEndpoint.Parse(text));
        Assert.Equal("AWS_LAMBDA_RUNTIME_API", e.Variable);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Outside_Lambda_the_message_says_how_to_run_the_program(string? text)
    {
        SettingsException e = Assert.Throws<SettingsException>(() => RuntimeApiClient.FromEnvironment(_ => text));
        Assert.Contains("AWS_LAMBDA_RUNTIME_API", e.Message, StringComparison.Ordinal);
        Assert.Contains("lambda-emulator", e.Message, StringComparison.Ordinal);
    }
}
