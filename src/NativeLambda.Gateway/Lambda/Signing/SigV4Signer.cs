using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using NativeLambda.Database.Credentials;
using NativeLambda.Gateway.Lambda.Credentials;

namespace NativeLambda.Gateway.Lambda.Signing;

/// <summary>
/// Signs requests with AWS Signature Version 4, in their headers. The signing key, which four of the five HMACs are for, is kept for as
/// long as the day and the keys are the same.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS, create a signed request</see>.
/// Two threads that find a new day both derive the key; either result is right.
/// </remarks>
/// <param name="region">The AWS Region.</param>
/// <param name="service">The name that the service signs by.</param>
internal sealed class SigV4Signer(string region, string service)
{
    private const int HashLength = SHA256.HashSizeInBytes;
    private const int StackLimit = 2048;
    private const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";

    // The thread's own, for the key that it signed with last: to set up a key costs more than to hash what is signed.
    [ThreadStatic]
    private static KeyedHash? _hash;

    [ThreadStatic]
    private static IncrementalHash? _plainHash;

    private Day? _day;
    private Second? _second;

    /// <summary>The value of <c>X-Amz-Date</c>.</summary>
    public string Timestamp(DateTimeOffset now)
    {
        long unixSeconds = now.ToUnixTimeSeconds();
        Second? second = _second;
        if (second is null || second.UnixSeconds != unixSeconds)
            _second = second = new Second(unixSeconds, now.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture));
        return second.Text;
    }

    /// <summary>The value of <c>Authorization</c>.</summary>
    /// <param name="keys">Who signs.</param>
    /// <param name="timestamp">What <see cref="Timestamp"/> gave; it is among the headers.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">What <see cref="CanonicalPath"/> made.</param>
    /// <param name="query">The canonical query.</param>
    /// <param name="headers">The headers to sign, in the order of their names; repeated ones in the order in which they are sent.</param>
    /// <param name="payload">The body.</param>
    public string Authorize(
        AwsKeys keys, string timestamp, string method, string path, string query, ReadOnlySpan<SignedHeader> headers, ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[HashLength];
        Hash(payload, hash);
        int length = CanonicalWriter.MaxLength(method, path, query, headers);
        byte[]? rented = length > StackLimit ? ArrayPool<byte>.Shared.Rent(length) : null;
        var writer = new CanonicalWriter(rented is null ? stackalloc byte[StackLimit] : rented);
        writer.Write(method, path, query, headers, hash);
        Hash(writer.Written, hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);

        Day day = DayOf(keys, timestamp);
        Span<byte> signature = stackalloc byte[HashLength];
        Sign(day, timestamp, hash, signature);
        return Header(day, headers, signature);
    }

    // One that is there already: SHA256.HashData makes one for each call.
    private static void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        IncrementalHash plain = _plainHash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        plain.AppendData(bytes);
        plain.GetHashAndReset(hash);
    }

    private static void Sign(Day day, string timestamp, ReadOnlySpan<byte> requestHash, Span<byte> signature)
    {
        Span<byte> toSign = stackalloc byte[256];
        int length = Encoding.UTF8.GetBytes(SigV4.Algorithm, toSign);
        toSign[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(timestamp, toSign[length..]);
        toSign[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(day.Scope, toSign[length..]);
        toSign[length++] = (byte)'\n';
        if (!Convert.TryToHexStringLower(requestHash, toSign[length..], out int digits)) throw new InvalidOperationException($"The scope {day.Scope} is too long to sign.");
        HashOf(day).Hash(toSign[..(length + digits)], signature);
    }

    private static KeyedHash HashOf(Day day)
    {
        if (_hash is { } hash && hash.Key == day.SigningKey) return hash;
        _hash?.Dispose();
        return _hash = new KeyedHash(day.SigningKey);
    }

    private static string Header(Day day, ReadOnlySpan<SignedHeader> headers, ReadOnlySpan<byte> signature)
    {
        Span<char> digits = stackalloc char[2 * HashLength];
        Convert.TryToHexStringLower(signature, digits, out _);
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[512]);
        text.AppendLiteral(day.Prefix);
        for (int index = 0; index < headers.Length; index++)
        {
            if (index > 0 && headers[index].Name == headers[index - 1].Name) continue;
            if (index > 0) text.AppendLiteral(";");
            text.AppendLiteral(headers[index].Name);
        }
        text.AppendLiteral(", Signature=");
        text.AppendFormatted(digits);
        return text.ToStringAndClear();
    }

    private Day DayOf(AwsKeys keys, string timestamp)
    {
        Day? day = _day;
        if (day is not null && ReferenceEquals(day.Keys, keys) && timestamp.StartsWith(day.Date, StringComparison.Ordinal)) return day;
        var scope = new SigV4Scope(timestamp, region, service);
        return _day = new Day(
            keys, scope.Date, scope.ToString(), SigV4.SigningKey(keys.SecretKey, scope),
            $"{SigV4.Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders=");
    }

    /// <summary>HMAC-SHA256 with a key that is set up once.</summary>
    private sealed class KeyedHash(byte[] key) : IDisposable
    {
        private readonly IncrementalHash _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

        public byte[] Key => key;

        public void Hash(ReadOnlySpan<byte> text, Span<byte> hash)
        {
            _hmac.AppendData(text);
            _hmac.GetHashAndReset(hash);
        }

        public void Dispose() => _hmac.Dispose();
    }

    private sealed record Second(long UnixSeconds, string Text);

    /// <summary>What is the same for all requests of a day.</summary>
    private sealed class Day(AwsKeys keys, string date, string scope, byte[] signingKey, string prefix)
    {
        public AwsKeys Keys => keys;

        public string Date => date;

        public string Scope => scope;

        public byte[] SigningKey => signingKey;

        public string Prefix => prefix;
    }
}
