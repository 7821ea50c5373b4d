using CsCheck;
using NativeLambda.Settings;

namespace NativeLambda.Tests.Settings;

public sealed class DurationTests
{
    [Fact]
    public void Every_duration_reads_back_from_its_shortest_form() =>
        Gen.Int[0, 99_999_999].Select(Gen.Int[0, 3].Select(i => new[] { "ms", "s", "m", "h" }[i])).Sample((number, unit) =>
        {
            Assert.True(Duration.TryParse($"{number}{unit}", out TimeSpan value));
            Assert.True(Duration.TryParse(Duration.Format(value), out TimeSpan again));
            return value == again;
        });

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5x")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData(" 5s")]
    [InlineData("5s ")]
    [InlineData("5S")]
    [InlineData("٥s")]
    [InlineData("1234567890s")]
    public void Anything_else_is_no_duration(string text) => Assert.False(Duration.TryParse(text, out _));
}
