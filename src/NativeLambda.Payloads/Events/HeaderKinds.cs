namespace NativeLambda.Payloads.Events;

/// <summary>Tells headers apart by their names, whose length decides most of it.</summary>
internal static class HeaderKinds
{
    public static HeaderKind Of(string name) => name.Length switch
    {
        2 => Is(name, "te", HeaderKind.HopByHop),
        6 => Is(name, "cookie", HeaderKind.Cookie),
        7 => Is(name, "upgrade", HeaderKind.HopByHop) | Is(name, "trailer", HeaderKind.HopByHop),
        10 => Is(name, "connection", HeaderKind.Connection) | Is(name, "user-agent", HeaderKind.UserAgent) | Is(name, "keep-alive", HeaderKind.HopByHop),
        12 => Is(name, "content-type", HeaderKind.ContentType),
        15 => Is(name, "x-forwarded-for", HeaderKind.ForwardedFor) | Is(name, "x-amzn-trace-id", HeaderKind.TraceId),
        16 => Is(name, "content-encoding", HeaderKind.ContentEncoding)
            | Is(name, "x-forwarded-port", HeaderKind.ForwardedByFront)
            | Is(name, "proxy-connection", HeaderKind.HopByHop),
        17 => Is(name, "x-forwarded-proto", HeaderKind.ForwardedByFront) | Is(name, "transfer-encoding", HeaderKind.HopByHop),
        _ => HeaderKind.Other,
    };

    private static HeaderKind Is(string name, string known, HeaderKind kind) =>
        name.Equals(known, StringComparison.OrdinalIgnoreCase) ? kind : HeaderKind.Other;
}
