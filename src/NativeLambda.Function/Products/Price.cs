namespace NativeLambda.Function.Products;

/// <summary>Prices: 0 to 9999999.99 with at most two decimals, which is what <c>numeric(9, 2)</c> holds.</summary>
internal static class Price
{
    private const int Decimals = 2;
    private const int IntegerDigits = 7;

    /// <summary>Reads the text of a JSON number exactly.</summary>
    /// <remarks>
    /// Neither <see cref="double"/> nor <see cref="decimal"/> may parse it: both round what they cannot hold, so that a price with
    /// thirty decimals would pass as one with none.
    /// </remarks>
    /// <param name="number">A number as the JSON reader delivered it, so its grammar is known to be right.</param>
    /// <param name="price">The price.</param>
    /// <returns>Whether it is a price.</returns>
    public static bool TryParse(ReadOnlySpan<byte> number, out decimal price)
    {
        long significand = 0;
        int exponent = 0;
        int zeros = 0;
        int digits = 0;
        bool isNegative = false;
        bool isFraction = false;
        price = 0;
        for (int i = 0; i < number.Length; i++)
        {
            byte c = number[i];
            if (c == '-')
            {
                isNegative = true;
            }
            else if (c == '.')
            {
                isFraction = true;
            }
            else if (c is (byte)'e' or (byte)'E')
            {
                exponent += Exponent(number[(i + 1)..]);
                break;
            }
            else
            {
                exponent -= isFraction ? 1 : 0;
                if (c == '0')
                {
                    // Zeros count only when another digit follows them.
                    zeros++;
                    continue;
                }

                if (digits > 0)
                    digits += zeros;
                if (++digits > IntegerDigits + Decimals)
                    return false;
                significand = (significand * (significand > 0 ? PowerOf10(zeros) : 1) * 10) + (c - '0');
                zeros = 0;
            }
        }

        exponent += zeros;
        if (significand == 0)
            return true;
        if (isNegative || exponent < -Decimals || digits + exponent > IntegerDigits)
            return false;
        price = new decimal((int)(significand * PowerOf10(exponent + Decimals)), 0, 0, false, Decimals);
        return true;
    }

    /// <summary>An exponent, capped where no price can come of it.</summary>
    private static int Exponent(ReadOnlySpan<byte> text)
    {
        const int Cap = 1_000_000_000;
        bool isNegative = text[0] == '-';
        int value = 0;
        foreach (byte c in text.TrimStart("+-"u8))
            value = Math.Min(Cap, (Math.Min(value, Cap / 10) * 10) + (c - '0'));
        return isNegative ? -value : value;
    }

    private static long PowerOf10(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
