namespace NativeLambda.Tests.Runtime;

public sealed class InvocationContextTests
{
    [Fact]
    public void RemainingTime_past_the_deadline_is_zero()
    {
        var invocation = new NativeLambda.Runtime.Invocation { RequestId = "1", DeadlineUnixMs = 0 };
        var context = new NativeLambda.Runtime.InvocationContext(invocation, default, TimeProvider.System);
        Assert.Equal(TimeSpan.Zero, context.RemainingTime);
    }
}
