using NativeLambda.Runtime;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Runtime;

public sealed class LaneCountTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData("", 1)]
    [InlineData("1", 1)]
    [InlineData("2", 2)]
    [InlineData("1600", 1600)]
    public void Read_takes_whole_numbers_from_1_on(string? value, int count)
    {
        Assert.Equal(count, LaneCount.Read(_ => value));
        Assert.Equal(count > 1, LaneCount.IsMany(_ => value));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData(" 2")]
    [InlineData("many")]
    [InlineData("99999999999")]
    public void Read_refuses_anything_else_by_name(string value)
    {
        SettingsException refusal = Assert.Throws<SettingsException>(() => LaneCount.Read(_ => value));
        Assert.Equal($"AWS_LAMBDA_MAX_CONCURRENCY is '{value}': use a whole number from 1 on.", refusal.Message);
        Assert.False(LaneCount.IsMany(_ => value));
    }
}
