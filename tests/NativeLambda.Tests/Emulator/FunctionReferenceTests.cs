using NativeLambda.Emulator.Api;

namespace NativeLambda.Tests.Emulator;

public sealed class FunctionReferenceTests
{
    [Theory]
    [InlineData("orders", "orders", null)]
    [InlineData("orders:live", "orders", "live")]
    [InlineData("orders:$LATEST", "orders", "$LATEST")]
    [InlineData("orders:7", "orders", "7")]
    [InlineData("123456789012:function:orders", "orders", null)]
    [InlineData("123456789012:function:orders:live", "orders", "live")]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:orders", "orders", null)]
    [InlineData("arn:aws-cn:lambda:cn-north-1:123456789012:function:orders:3", "orders", "3")]
    [InlineData("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders", "orders", null)]
    public void Every_documented_form_is_read(string text, string name, string? qualifier) =>
        Assert.Equal(new FunctionReference(name, qualifier), FunctionReference.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("or ders")]
    [InlineData("orders/../x")]
    [InlineData("orders:live:more")]
    [InlineData("arn:aws:s3:::bucket")]
    [InlineData("orders\n")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Anything_else_is_not(string text) => Assert.Null(FunctionReference.Parse(text));
}
