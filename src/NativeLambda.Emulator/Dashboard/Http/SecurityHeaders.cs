using Microsoft.AspNetCore.Http;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>The headers of every answer: nothing but the dashboard's own files runs or loads, and nobody frames it.</summary>
internal static class SecurityHeaders
{
    // With Trusted Types no script can turn text into HTML, not even one that wants to.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
