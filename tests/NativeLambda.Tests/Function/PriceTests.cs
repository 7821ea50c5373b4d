using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using NativeLambda.Function.Products;

namespace NativeLambda.Tests.Function;

public sealed class PriceTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-0.00", "0")]
    [InlineData("0e9999999999999", "0")]
    [InlineData("1", "1")]
    [InlineData("10", "10")]
    [InlineData("1.5", "1.5")]
    [InlineData("1.05", "1.05")]
    [InlineData("0.01", "0.01")]
    [InlineData("9999999.99", "9999999.99")]
    [InlineData("9999999.990000000000000000000000000000000000", "9999999.99")]
    [InlineData("1e2", "100")]
    [InlineData("1.5E+1", "15")]
    [InlineData("150e-2", "1.5")]
    [InlineData("1000000000000e-10", "100")]
    public void A_price_is_read_exactly(string text, string price)
    {
        Assert.True(Price.TryParse(Encoding.UTF8.GetBytes(text), out decimal value));
        Assert.Equal(decimal.Parse(price, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0.01")]
    [InlineData("0.001")]
    [InlineData("1.005")]
    [InlineData("9999999.991")]
    [InlineData("9999999.9900000000000000000000000000000000001")]
    [InlineData("0.0000000000000000000000000000000000000000001")]
    [InlineData("10000000")]
    [InlineData("9999999.995")]
    [InlineData("1e-3")]
    [InlineData("1e-30")]
    [InlineData("1e-9999999999999")]
    [InlineData("1e7")]
    [InlineData("1e9999999999999")]
    public void What_is_no_price_is_not_rounded_into_one(string text) =>
        Assert.False(Price.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Any_number_is_a_price_exactly_when_arithmetic_says_so()
    {
        Gen<string> digits = Gen.Char['0', '9'].Array[1, 9].Select(d => new string(d));
        Gen<string> zeros = Gen.Int[0, 4].Select(n => new string('0', n));
        Gen.Select(Gen.Bool, digits, zeros, Gen.OneOf(digits, zeros), Gen.Int[-8, 8]).Sample((isNegative, integer, middle, fraction, exponent) =>
        {
            string whole = (integer + middle).TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0";
            string text = (isNegative ? "-" : "") + whole + (fraction.Length > 0 ? "." + fraction : "") + (exponent == 0 ? "" : $"e{exponent}");

            // The value in units of 10^-20, exactly.
            BigInteger value = BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, 20 - fraction.Length + exponent);
            BigInteger cent = BigInteger.Pow(10, 18);
            bool isPrice = value % cent == 0 && value / cent <= 999_999_999 && (!isNegative || value == 0);

            Assert.Equal(isPrice, Price.TryParse(Encoding.UTF8.GetBytes(text), out decimal price));
            if (isPrice)
                Assert.Equal(value / cent, new BigInteger(price * 100));
        }, iter: 50_000);
    }
}
