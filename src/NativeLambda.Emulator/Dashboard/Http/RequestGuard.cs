using System.Net;
using Microsoft.AspNetCore.Http;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>Refuses what no page of the dashboard and no program on this machine sends: requests made by other sites in a browser here.</summary>
/// <remarks>
/// A page anywhere on the web can make a browser send requests to loopback. It cannot forge <c>Origin</c>, <c>Host</c> or
/// <c>Sec-Fetch-Site</c>, and it cannot send JSON to another origin without asking first, which is refused as well. A name that it has
/// rebound to 127.0.0.1 shows in <c>Host</c>.
/// </remarks>
internal static class RequestGuard
{
    /// <returns>Why the request is refused; nothing when it is not.</returns>
    public static Refusal? Check(HttpRequest request)
    {
        string host = request.Host.Host;
        if (!IsLoopback(host))
            return new Refusal(421, "MisdirectedRequest", "the dashboard answers to 127.0.0.1, [::1] and localhost only");
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !string.Equals(origin, $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            return Foreign("its Origin is another one");
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isApi = request.Path.StartsWithSegments("/api");
        // A link on another site may lead to the page; nothing but the page may use what is behind it.
        if (site is not ("" or "same-origin" or "none") && (isApi || request.Headers["Sec-Fetch-Mode"] != "navigate"))
            return Foreign($"it is {(site.Length <= 32 ? site : "of another site")}");
        return HttpMethods.IsPost(request.Method) && !IsJson(request.ContentType)
            ? new Refusal(415, "UnsupportedMediaType", "controls take a body of Content-Type: application/json, which may be {}")
            : null;
    }

    private static Refusal Foreign(string why) => new(403, "CrossOrigin", $"the request comes from elsewhere: {why}");

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsJson(string? contentType) =>
        contentType is not null && string.Equals(contentType.Split(';')[0].Trim(), "application/json", StringComparison.OrdinalIgnoreCase);
}
