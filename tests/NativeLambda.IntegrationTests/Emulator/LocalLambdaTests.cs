using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class LocalLambdaTests
{
    [Fact]
    public async Task An_invocation_reaches_the_function_with_Lambdas_headers_and_its_response_comes_back()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        InvokeResult result = await lambda.InvokeAsync("""{"key":"value"}""").Guarded();
        Assert.Equal(200, result.StatusCode);
        Assert.Null(result.FunctionError);
        JsonElement echo = result.Json();
        Assert.Equal("value", echo.GetProperty("event").GetProperty("key").GetString());
        JsonElement headers = echo.GetProperty("headers");
        Assert.Equal(result.RequestId, headers.GetProperty("lambda-runtime-aws-request-id").GetString());
        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:function", headers.GetProperty("lambda-runtime-invoked-function-arn").GetString());
        Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$", headers.GetProperty("lambda-runtime-trace-id").GetString());
    }

    [Fact]
    public async Task One_environment_serves_one_invocation_after_the_other()
    {
        await using LocalLambda lambda = await LocalLambda.StartAsync(Options());
        for (int count = 1; count <= 5; count++)
            Assert.Equal(count, (await lambda.InvokeAsync("{}").Guarded()).Json().GetProperty("invocations").GetInt32());
        EnvironmentSnapshot environment = Assert.Single(lambda.Environments);
        Assert.Equal(5, environment.Invocations);
    }
}
