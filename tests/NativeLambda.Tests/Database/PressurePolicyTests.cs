using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class PressurePolicyTests
{
    [Theory]
    [InlineData(0, true, false, "None")]
    [InlineData(59, true, false, "None")]
    [InlineData(60, true, false, "ShortIdle")]
    [InlineData(94, true, false, "ShortIdle")]
    [InlineData(95, true, false, "Release")]
    [InlineData(120, true, false, "Release")]
    [InlineData(59, false, false, "None")]
    [InlineData(60, false, false, "Release")]
    [InlineData(59, true, true, "None")]
    [InlineData(60, true, true, "Release")]
    [InlineData(60, false, true, "Release")]
    public void Decide_reads_like_the_table(int used, bool serverClosesIdle, bool wasRefused, string pressure) =>
        Assert.Equal(pressure, PressurePolicy.Decide(new ServerLoad(used, 100, 1, 0), new PressureSettings(), serverClosesIdle, wasRefused).ToString());

    [Fact]
    public void A_server_without_a_slot_is_full() =>
        Assert.Equal(Pressure.Release, PressurePolicy.Decide(new ServerLoad(0, 0, 1, 0), new PressureSettings(), true, false));

    [Fact]
    public void Thresholds_that_are_off_are_never_reached()
    {
        var off = new PressureSettings { ShortIdleAt = double.MaxValue, ReleaseAt = double.MaxValue };
        Assert.Equal(Pressure.None, PressurePolicy.Decide(new ServerLoad(100, 100, 1, 0), off, true, true));
    }

    [Theory]
    [InlineData(null, 0, true, true)]
    [InlineData(null, 0, false, false)]
    [InlineData(null, 5_000, false, false)]
    [InlineData("None", 4_999, true, false)]
    [InlineData("None", 5_000, true, true)]
    [InlineData("ShortIdle", 0, true, true)]
    [InlineData("ShortIdle", 0, false, false)]
    [InlineData("None", 5_000, false, false)]
    public void The_question_is_due_at_the_first_take_back_every_few_seconds_and_always_under_pressure(string? last, int sinceMs, bool roundTrip, bool due) =>
        Assert.Equal(due, PressurePolicy.IsDue(
            last is null ? null : Enum.Parse<Pressure>(last), TimeSpan.FromMilliseconds(sinceMs), roundTrip, new PressureSettings()));
}
