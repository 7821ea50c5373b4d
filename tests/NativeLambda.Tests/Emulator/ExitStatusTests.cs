using NativeLambda.Emulator.Processes;

namespace NativeLambda.Tests.Emulator;

public sealed class ExitStatusTests
{
    [Theory]
    [InlineData(0x0000, "Runtime exited without providing a reason")]
    [InlineData(0x0100, "Runtime exited with error: exit status 1")]
    [InlineData(0x8900, "Runtime exited with error: exit status 137")]
    [InlineData(0x0009, "Runtime exited with error: signal: killed")]
    [InlineData(0x008b, "Runtime exited with error: signal: segmentation fault")]
    [InlineData(0x0022, "Runtime exited with error: signal: signal 34")]
    public void A_wait_status_is_told_in_Lambdas_words(int status, string expected) =>
        Assert.Equal(expected, ExitStatus.FromWaitStatus(status).Describe());
}
