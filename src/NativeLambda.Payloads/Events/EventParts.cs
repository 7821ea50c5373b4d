using System.Globalization;

namespace NativeLambda.Payloads.Events;

/// <summary>Parts that are alike in more than one format.</summary>
internal static class EventParts
{
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>Writes a name of a header in lower case, with its quotation marks.</summary>
    public static void LowerCaseName(ref JsonOutput json, string name)
    {
        const int Longest = 256;
        if (name.Length > Longest)
        {
            json.Text(name.ToLowerInvariant());
            return;
        }
        Span<char> lower = stackalloc char[Longest];
        json.Text(lower[..name.AsSpan().ToLowerInvariant(lower)]);
    }

    /// <summary>Writes an object whose values are strings.</summary>
    public static void Members(ref JsonOutput json, IReadOnlyDictionary<string, string> members)
    {
        json.Raw("{"u8);
        bool first = true;
        if (members is Dictionary<string, string> table) // whose enumerator costs no memory
            foreach ((string name, string value) in table) Member(ref json, name, value, ref first);
        else
            foreach ((string name, string value) in members) Member(ref json, name, value, ref first);
        json.Raw("}"u8);
    }

    private static void Member(ref JsonOutput json, string name, string value, ref bool first)
    {
        if (!first) json.Raw(","u8);
        first = false;
        json.Text(name);
        json.Raw(":"u8);
        json.Text(value);
    }

    /// <summary>Writes the members of a context that it begins with: whose API it is.</summary>
    public static void Api(ref JsonOutput json, ProxyRequest request, scoped ReadOnlySpan<char> domain)
    {
        json.Raw("\"accountId\":"u8);
        json.Text(request.AccountId);
        json.Raw(",\"apiId\":"u8);
        json.Text(request.ApiId is null ? ForwardedHeaders.Prefix(domain) : request.ApiId);
    }

    /// <summary>Writes the members of a context that say under which name the client came.</summary>
    public static void Domain(ref JsonOutput json, scoped ReadOnlySpan<char> domain)
    {
        json.Raw(",\"domainName\":"u8);
        json.Text(domain);
        json.Raw(",\"domainPrefix\":"u8);
        json.Text(ForwardedHeaders.Prefix(domain));
    }

    /// <summary>Writes an array of strings.</summary>
    public static void ListOrNull(ref JsonOutput json, IReadOnlyList<string>? items)
    {
        if (items is null)
        {
            json.Raw("null"u8);
            return;
        }
        json.Raw("["u8);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) json.Raw(","u8);
            json.Text(items[i]);
        }
        json.Raw("]"u8);
    }

    /// <summary>Writes the time of a request as access logs do: <c>12/Mar/2020:19:03:58 +0000</c>.</summary>
    public static void LogTime(ref JsonOutput json, DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        Span<char> text = stackalloc char[32];
        text.TryWrite(
            CultureInfo.InvariantCulture,
            $"{utc.Day:00}/{Months[utc.Month - 1]}/{utc.Year:0000}:{utc.Hour:00}:{utc.Minute:00}:{utc.Second:00} +0000",
            out int written);
        json.Text(text[..written]);
    }

    /// <summary>Writes the members <c>body</c>, where there is one, and <c>isBase64Encoded</c>, and ends the list without a comma.</summary>
    public static void Body(ref JsonOutput json, scoped HeaderTable headers, ReadOnlySpan<byte> body, ReadOnlySpan<byte> empty)
    {
        if (body.IsEmpty)
        {
            json.Raw(empty);
            json.Raw("\"isBase64Encoded\":false"u8);
        }
        else if (BodyText.IsText(headers, body))
        {
            json.Raw("\"body\":\""u8);
            json.Utf8Part(body);
            json.Raw("\",\"isBase64Encoded\":false"u8);
        }
        else
        {
            json.Raw("\"body\":"u8);
            json.Base64Text(body);
            json.Raw(",\"isBase64Encoded\":true"u8);
        }
    }
}
