using NativeLambda.Http;

namespace NativeLambda.Function.Products;

/// <summary>The request header <c>Idempotency-Key</c>, by which a client marks the repeats of one request.</summary>
internal static class IdempotencyKey
{
    private const string HeaderName = "idempotency-key";
    private const int MaxLength = 255;

    /// <summary>The key, or <see langword="null"/> when the request has none.</summary>
    /// <exception cref="HttpProblemException">400: it is not a key.</exception>
    public static string? From(HttpRequest request)
    {
        if (request.Headers[HeaderName] is not { } key)
            return null;
        bool isVisible = true;
        foreach (char c in key)
            isVisible &= c is > ' ' and <= '~';
        return isVisible && key.Length is >= 1 and <= MaxLength
            ? key
            : throw new HttpProblemException(400, $"The Idempotency-Key must be 1 to {MaxLength} visible ASCII characters.", HeaderName);
    }
}
