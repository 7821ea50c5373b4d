using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace NativeLambda.Json;

/// <summary>The characters that <see cref="JsonEscaping"/> escapes, and their escapes.</summary>
internal static class JsonEscapes
{
    private const ulong Controls = 0xFFFF_FFFF;

    // A bit for each character from 0 to 63, and from 64 to 127.
    private const ulong Low = Controls | 1UL << '"';
    private const ulong High = 1UL << ('\\' - 64) | 1UL << (0x7F - 64);
    private const ulong StrictLow = Low | 1UL << '&' | 1UL << '\'' | 1UL << '+' | 1UL << '<' | 1UL << '>';
    private const ulong StrictHigh = High | 1UL << ('`' - 64);

    /// <summary>Whether an ASCII character is escaped.</summary>
    /// <param name="c">From 0 to 127.</param>
    /// <param name="isStrict">Whether what HTML gives a meaning to is escaped as well.</param>
    public static bool IsEscaped(uint c, bool isStrict)
    {
        ulong set = c < 64 ? (isStrict ? StrictLow : Low) : (isStrict ? StrictHigh : High);
        return ((set >> (int)(c & 63)) & 1) != 0;
    }

    /// <summary>The first unit of UTF-8 or UTF-16 that is an escaped ASCII character, or is none of ASCII; less than 0: there is none.</summary>
    public static int Find<T>(ReadOnlySpan<T> text, bool isStrict)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int i = 0;
        for (; i <= text.Length - Vector128<T>.Count; i += Vector128<T>.Count)
        {
            Vector128<T> units = Vector128.Create(text[i..]);
            Vector128<T> found = Vector128.GreaterThan(units - V<T>(' '), V<T>('~' - ' ')) | Vector128.Equals(units, V<T>('"')) | Vector128.Equals(units, V<T>('\\'));
            if (isStrict)
            {
                found |= Vector128.Equals(units | V<T>(1), V<T>('\'')) | Vector128.Equals(units | V<T>(2), V<T>('>')) // & and ', < and >
                    | Vector128.Equals(units, V<T>('+')) | Vector128.Equals(units, V<T>('`'));
            }

            if (found != Vector128<T>.Zero)
                return i + BitOperations.TrailingZeroCount(found.ExtractMostSignificantBits());
        }

        for (; i < text.Length; i++)
        {
            uint c = uint.CreateTruncating(text[i]);
            if (c >= 0x80 || IsEscaped(c, isStrict))
                return i;
        }

        return -1;
    }

    /// <summary>Writes a character's escape, as units of UTF-8 or UTF-16.</summary>
    /// <returns>Whether there was room for it.</returns>
    public static bool TryWrite<T>(int scalar, Span<T> to, bool isStrict, out int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        char shortForm = scalar switch
        {
            '"' when !isStrict => '"',
            '\\' => '\\',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\b' => 'b',
            '\f' => 'f',
            _ => '\0',
        };
        if (shortForm != '\0')
        {
            length = to.Length < 2 ? 0 : 2;
            if (length > 0)
                (to[0], to[1]) = (T.CreateTruncating('\\'), T.CreateTruncating(shortForm));
            return length > 0;
        }

        Span<char> units = stackalloc char[2];
        length = 6 * new Rune(scalar).EncodeToUtf16(units);
        if (to.Length < length)
            length = 0;
        for (int i = 0; i < length; i += 6)
        {
            (to[i], to[i + 1]) = (T.CreateTruncating('\\'), T.CreateTruncating('u'));
            for (int digit = 0; digit < 4; digit++)
                to[i + 2 + digit] = T.CreateTruncating("0123456789ABCDEF"[(units[i / 6] >> (12 - (4 * digit))) & 0xF]);
        }

        return length > 0;
    }

    private static Vector128<T> V<T>(int value)
        where T : IBinaryInteger<T> => Vector128.Create(T.CreateTruncating(value));
}
