using System.Runtime.InteropServices;

namespace NativeLambda.Gateway.Operation.Requests;

/// <summary>Names of requests, as an HTTP API's: 15 characters of base64 and its <c>=</c>.</summary>
internal static class RequestIds
{
    /// <summary>One that does not come again, in all likelihood of 88 random bits; it is no secret.</summary>
    public static string Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        // Random's own NextBytes is slower than two of its numbers.
        MemoryMarshal.Cast<byte, long>(bytes)[0] = Random.Shared.NextInt64(long.MinValue, long.MaxValue);
        MemoryMarshal.Cast<byte, long>(bytes)[1] = Random.Shared.NextInt64();
        return Convert.ToBase64String(bytes[..11]);
    }
}
