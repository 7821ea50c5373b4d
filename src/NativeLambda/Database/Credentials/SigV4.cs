using System.Security.Cryptography;
using System.Text;

namespace NativeLambda.Database.Credentials;

/// <summary>Where and for what a signature is valid: <c>date/region/service/aws4_request</c>.</summary>
/// <param name="Timestamp">The time of signing, <c>yyyyMMdd'T'HHmmss'Z'</c>, in UTC.</param>
/// <param name="Region">The AWS Region.</param>
/// <param name="Service">The name that the service signs by.</param>
internal readonly record struct SigV4Scope(string Timestamp, string Region, string Service)
{
    public string Date => Timestamp[..8];

    public override string ToString() => $"{Date}/{Region}/{Service}/aws4_request";
}

/// <summary>AWS Signature Version 4. Pure.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS, create a signed request</see>.
/// </remarks>
internal static class SigV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The hash of a body that is empty.</summary>
    public const string EmptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The canonical query: names and values encoded, sorted by name, then by value.</summary>
    public static string CanonicalQuery(params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var pairs = new List<(string Name, string Value)>(parameters.Length);
        foreach ((string name, string value) in parameters)
            pairs.Add((Uri.EscapeDataString(name), Uri.EscapeDataString(value)));
        pairs.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var order ? order : string.CompareOrdinal(a.Value, b.Value));

        var query = new StringBuilder();
        foreach ((string name, string value) in pairs)
            query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(value);
        return query.ToString();
    }

    /// <summary>The canonical request of a GET without a body.</summary>
    /// <param name="path">The path, encoded.</param>
    /// <param name="canonicalQuery">What <see cref="CanonicalQuery"/> made.</param>
    /// <param name="headers">The headers to sign: names in lower case, in order; values trimmed.</param>
    public static string CanonicalGet(string path, string canonicalQuery, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var lines = new StringBuilder();
        var names = new StringBuilder();
        foreach ((string name, string value) in headers)
        {
            lines.Append(name).Append(':').Append(value).Append('\n');
            names.Append(names.Length == 0 ? "" : ";").Append(name);
        }

        return $"GET\n{path}\n{canonicalQuery}\n{lines}\n{names}\n{EmptyPayload}";
    }

    /// <summary>The signature of a canonical request, in hexadecimal digits.</summary>
    public static string Sign(string secretKey, SigV4Scope scope, string canonicalRequest)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        string stringToSign = $"{Algorithm}\n{scope.Timestamp}\n{scope}\n{hash}";
        return Convert.ToHexStringLower(Hmac(SigningKey(secretKey, scope), stringToSign));
    }

    /// <summary>The key, which the secret key is the root of and which is worth something in the scope only.</summary>
    public static byte[] SigningKey(string secretKey, SigV4Scope scope)
    {
        byte[] key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), scope.Date);
        key = Hmac(key, scope.Region);
        key = Hmac(key, scope.Service);
        return Hmac(key, "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
