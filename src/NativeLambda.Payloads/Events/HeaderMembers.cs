namespace NativeLambda.Payloads.Events;

/// <summary>Writes the headers of a request as members of an object, without its braces. The front's own come last.</summary>
internal static class HeaderMembers
{
    /// <summary>How names are written.</summary>
    public enum Style
    {
        /// <summary>In lower case.</summary>
        LowerCase,

        /// <summary>As they were sent; the front's own capitalised.</summary>
        AsSent,
    }

    /// <summary>Format 2.0's: the values of a name joined by commas.</summary>
    /// <param name="json">The output.</param>
    /// <param name="request">The request.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="withCookies">Whether cookies are among them.</param>
    public static void WriteJoined(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, bool withCookies)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (!IsWritten(request, headers, i) || (headers.Kind(i) == HeaderKind.Cookie && !withCookies)) continue;
            EventParts.LowerCaseName(ref json, headers.Name(i));
            json.Raw(":\""u8);
            json.Part(headers.Value(i));
            for (int next = headers.Next(i); next != 0; next = headers.Next(next))
            {
                json.Raw(headers.Kind(i) == HeaderKind.Cookie ? "; "u8 : ","u8);
                json.Part(headers.Value(next));
            }
            json.Raw("\","u8);
        }
        WriteOwn(ref json, request, headers, Style.LowerCase, "\""u8, "\""u8);
    }

    /// <summary>Of a name the last value.</summary>
    public static void WriteLast(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, Style style)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (!IsWritten(request, headers, i)) continue;
            int last = i;
            while (headers.Next(last) is not 0 and var next) last = next;
            WriteName(ref json, headers.Name(i), style);
            json.Raw(":"u8);
            json.Text(headers.Value(last));
            json.Raw(","u8);
        }
        WriteOwn(ref json, request, headers, style, "\""u8, "\""u8);
    }

    /// <summary>Of a name all values, in an array.</summary>
    public static void WriteAll(ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, Style style)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (!IsWritten(request, headers, i)) continue;
            WriteName(ref json, headers.Name(i), style);
            json.Raw(":["u8);
            json.Text(headers.Value(i));
            for (int next = headers.Next(i); next != 0; next = headers.Next(next))
            {
                json.Raw(","u8);
                json.Text(headers.Value(next));
            }
            json.Raw("],"u8);
        }
        WriteOwn(ref json, request, headers, style, "[\""u8, "\"]"u8);
    }

    private static bool IsWritten(ProxyRequest request, scoped HeaderTable headers, int index) =>
        !headers.IsRepeat(index) && headers.Kind(index) switch
        {
            HeaderKind.HopByHop or HeaderKind.Connection or HeaderKind.ForwardedByFront or HeaderKind.ForwardedFor => false,
            HeaderKind.TraceId => request.TraceHeader is null,
            _ => true,
        };

    private static void WriteName(ref JsonOutput json, string name, Style style)
    {
        if (style == Style.LowerCase) EventParts.LowerCaseName(ref json, name);
        else json.Text(name);
    }

    private static void WriteOwn(
        ref JsonOutput json, ProxyRequest request, scoped HeaderTable headers, Style style, scoped ReadOnlySpan<byte> open, scoped ReadOnlySpan<byte> close)
    {
        bool lower = style == Style.LowerCase;
        if (request.TraceHeader is not null)
        {
            json.Raw(lower ? "\"x-amzn-trace-id\":"u8 : "\"X-Amzn-Trace-Id\":"u8);
            json.Raw(open);
            json.Part(request.TraceHeader);
            json.Raw(close);
            json.Raw(","u8);
        }
        json.Raw(lower ? "\"x-forwarded-for\":"u8 : "\"X-Forwarded-For\":"u8);
        json.Raw(open);
        ForwardedHeaders.WriteFor(ref json, request, headers);
        json.Raw(close);
        json.Raw(lower ? ",\"x-forwarded-port\":"u8 : ",\"X-Forwarded-Port\":"u8);
        json.Raw(open);
        json.Part(ForwardedHeaders.Port(request));
        json.Raw(close);
        json.Raw(lower ? ",\"x-forwarded-proto\":"u8 : ",\"X-Forwarded-Proto\":"u8);
        json.Raw(open);
        json.Part(request.Scheme);
        json.Raw(close);
    }
}
