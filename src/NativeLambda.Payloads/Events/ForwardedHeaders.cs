namespace NativeLambda.Payloads.Events;

/// <summary>What the front says itself of where a request came from, whatever the client said.</summary>
internal static class ForwardedHeaders
{
    /// <summary>The port that was asked for: the host's, else the scheme's.</summary>
    public static ReadOnlySpan<char> Port(ProxyRequest request)
    {
        ReadOnlySpan<char> host = request.Host;
        int colon = host.LastIndexOf(':');
        bool isAddress = colon >= 0 && host.EndsWith("]"); // an IPv6 address without a port
        if (colon >= 0 && !isAddress) return host[(colon + 1)..];
        return request.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? "443" : "80";
    }

    /// <summary>Writes the client's <c>X-Forwarded-For</c> and the address that it was seen at itself, without quotation marks.</summary>
    public static void WriteFor(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers.Kind(i) != HeaderKind.ForwardedFor || headers.Value(i).Length == 0) continue;
            json.Part(headers.Value(i));
            json.Part(", ");
        }
        json.Part(request.SourceIp);
    }

    /// <summary>The host without its port.</summary>
    public static ReadOnlySpan<char> Domain(ProxyRequest request)
    {
        ReadOnlySpan<char> host = request.Host;
        int colon = host.LastIndexOf(':');
        return colon < 0 || host.EndsWith("]") ? host : host[..colon];
    }

    /// <summary>The first label of a domain; an IPv6 address as a whole.</summary>
    public static ReadOnlySpan<char> Prefix(ReadOnlySpan<char> domain)
    {
        int dot = domain.IndexOf('.');
        return dot < 0 ? domain : domain[..dot];
    }
}
