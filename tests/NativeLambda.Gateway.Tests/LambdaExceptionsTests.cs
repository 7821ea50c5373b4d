using NativeLambda.Gateway.Lambda;

namespace NativeLambda.Gateway.Tests;

public sealed class LambdaExceptionsTests
{
    [Fact]
    public void A_refusal_says_what_the_service_said() =>
        Assert.Equal("Lambda answered 404 ResourceNotFoundException: Function not found: x", new LambdaRefusedException(404, "ResourceNotFoundException", "Function not found: x").Message);
}
