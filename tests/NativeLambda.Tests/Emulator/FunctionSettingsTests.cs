using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Tests.Emulator;

public sealed class FunctionSettingsTests
{
    private readonly LocalLambdaOptions _options = new() { Bootstrap = "/opt/app/bootstrap" };

    [Fact]
    public void Defaults_are_Lambdas()
    {
        FunctionSettings settings = FunctionSettingsReader.Read(_options);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.InitTimeout);
        Assert.Equal(128, settings.MemorySizeMb);
        Assert.Equal("/opt/app", settings.TaskRoot);
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:function", settings.Arn);
    }

    [Fact]
    public void What_is_out_of_its_limits_is_named()
    {
        Rejects("memory size 127", _options with { MemorySizeMb = 127 });
        Rejects("memory size 10241", _options with { MemorySizeMb = 10241 });
        Rejects("timeout", _options with { Timeout = TimeSpan.Zero });
        Rejects("timeout", _options with { Timeout = TimeSpan.FromSeconds(901) });
        Rejects("Init timeout", _options with { InitTimeout = TimeSpan.Zero });
        Rejects("concurrency", _options with { MaxConcurrency = 0 });
        Rejects("function name", _options with { FunctionName = "a b" });
        Rejects("function name", _options with { FunctionName = "a\n" });
        Rejects("AWS_LAMBDA_RUNTIME_API", With("AWS_LAMBDA_RUNTIME_API", "x"));
        Rejects("\"a-b\"", With("a-b", "x"));
        Rejects("NUL", With("A", "hunter2\0"));
    }

    [Fact]
    public void The_users_variables_may_override_what_is_not_reserved()
    {
        IReadOnlyDictionary<string, string> variables =
            FunctionSettingsReader.Read(With("TZ", "Europe/Berlin")).EnvironmentVariables("stream", "127.0.0.1:1", "on-demand");
        Assert.Equal("Europe/Berlin", variables["TZ"]);
        Assert.Equal("127.0.0.1:1", variables["AWS_LAMBDA_RUNTIME_API"]);
        Assert.DoesNotContain("HOME", variables.Keys);
    }

    private LocalLambdaOptions With(string name, string value) => _options with { Environment = new Dictionary<string, string> { [name] = value } };

    private static void Rejects(string part, LocalLambdaOptions options)
    {
        string message = Assert.Throws<ArgumentException>(() => FunctionSettingsReader.Read(options)).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }
}
