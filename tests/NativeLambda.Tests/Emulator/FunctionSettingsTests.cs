using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Tests.Emulator;

public sealed class FunctionSettingsTests
{
    private readonly LocalLambdaOptions _options = new() { Bootstrap = "/opt/app/bootstrap" };

    [Fact]
    public void Defaults_are_Lambdas()
    {
        FunctionSettings settings = FunctionSettingsReader.Read(_options, "us-east-1");
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.InitTimeout);
        Assert.Equal(128, settings.MemorySizeMb);
        Assert.Equal("/opt/app", settings.TaskRoot);
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:function", settings.Arn);
    }

    [Theory]
    [InlineData(3, 130)]
    [InlineData(900, 900)]
    public void Environments_that_are_started_ahead_have_Lambdas_longer_Init(int timeoutSeconds, int initSeconds)
    {
        LocalLambdaOptions options = _options with { Timeout = TimeSpan.FromSeconds(timeoutSeconds) };
        FunctionSettings lambdas = FunctionSettingsReader.Read(options, "us-east-1");
        Assert.Equal((10, initSeconds), (lambdas.InitTimeout.TotalSeconds, lambdas.ProvisionedInitTimeout.TotalSeconds));
        FunctionSettings own = FunctionSettingsReader.Read(options with { InitTimeout = TimeSpan.FromSeconds(10) }, "us-east-1");
        Assert.Equal((10, 10), (own.InitTimeout.TotalSeconds, own.ProvisionedInitTimeout.TotalSeconds));
    }

    [Fact]
    public void The_log_format_and_with_JSON_the_level_are_told_to_the_function()
    {
        IReadOnlyDictionary<string, string> text = Variables(_options with { ApplicationLogLevel = ApplicationLogLevel.Warn });
        Assert.Equal("Text", text["AWS_LAMBDA_LOG_FORMAT"]);
        Assert.DoesNotContain("AWS_LAMBDA_LOG_LEVEL", text.Keys);
        IReadOnlyDictionary<string, string> json = Variables(_options with { LogFormat = LogFormat.Json });
        Assert.Equal(("JSON", "INFO"), (json["AWS_LAMBDA_LOG_FORMAT"], json["AWS_LAMBDA_LOG_LEVEL"]));
        Assert.Equal("WARN", Variables(_options with { LogFormat = LogFormat.Json, ApplicationLogLevel = ApplicationLogLevel.Warn })["AWS_LAMBDA_LOG_LEVEL"]);
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
        Rejects("_X_AMZN_TRACE_ID", With("_X_AMZN_TRACE_ID", "x"));
        Rejects("AWS_EXECUTION_ENV", With("AWS_EXECUTION_ENV", "x"));
        Rejects("ephemeral storage", _options with { EphemeralStorageMb = 511 });
        Rejects("ephemeral storage", _options with { EphemeralStorageMb = 10241 });
        Rejects("\"a-b\"", With("a-b", "x"));
        Rejects("NUL", With("A", "hunter2\0"));
    }

    [Fact]
    public void The_users_variables_may_override_what_is_not_reserved()
    {
        IReadOnlyDictionary<string, string> variables =
            FunctionSettingsReader.Read(With("TZ", "Europe/Berlin"), "us-east-1").EnvironmentVariables("stream", "127.0.0.1:1", "on-demand");
        Assert.Equal("Europe/Berlin", variables["TZ"]);
        Assert.Equal("127.0.0.1:1", variables["AWS_LAMBDA_RUNTIME_API"]);
        Assert.DoesNotContain("HOME", variables.Keys);
    }

    private static IReadOnlyDictionary<string, string> Variables(LocalLambdaOptions options) =>
        FunctionSettingsReader.Read(options, "us-east-1").EnvironmentVariables("stream", "127.0.0.1:1", "on-demand");

    private LocalLambdaOptions With(string name, string value) => _options with { Environment = new Dictionary<string, string> { [name] = value } };

    private static void Rejects(string part, LocalLambdaOptions options)
    {
        string message = Assert.Throws<ArgumentException>(() => FunctionSettingsReader.Read(options, "us-east-1")).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }
}
