using NativeLambda.Emulator.Logging;

namespace NativeLambda.Tests.Emulator;

public sealed class ReportLineTests
{
    private readonly ReportLine _report = new()
    {
        RequestId = "id",
        Duration = TimeSpan.FromMilliseconds(12.301),
        MemorySizeMb = 128,
        MaxMemoryUsedMb = 17,
    };

    [Fact]
    public void Figures_are_separated_by_tabs_and_billed_by_the_started_millisecond() => Assert.Equal(
        "REPORT RequestId: id\tDuration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 17 MB\t", _report.ToString());

    [Fact]
    public void Init_is_billed_with_the_first_invocation() => Assert.EndsWith(
        "\tBilled Duration: 38 ms\tMemory Size: 128 MB\tMax Memory Used: 17 MB\tInit Duration: 25.50 ms\t",
        (_report with { InitDuration = TimeSpan.FromMilliseconds(25.5) }).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_status_stands_at_the_end()
    {
        Assert.EndsWith(" MB\tStatus: timeout\t", (_report with { Status = "timeout" }).ToString(), StringComparison.Ordinal);
        Assert.EndsWith(
            " MB\tStatus: error\tError Type: Runtime.ExitError\t",
            (_report with { Status = "error", ErrorType = "Runtime.ExitError" }).ToString(), StringComparison.Ordinal);
    }
}
