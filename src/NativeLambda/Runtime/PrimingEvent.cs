using System.Text;

namespace NativeLambda.Runtime;

/// <summary>
/// An event that the handler is run with once in the Init phase, on the live connection, after that was opened and before the first
/// invocation is asked for. What a first invocation costs more than a later one is paid there, where Lambda gives a processor whatever the
/// memory size; the answer is discarded.
/// </summary>
/// <remarks>
/// <para>
/// It takes the way of an invocation: the event is read, routed and handled, its statements are run, its answer is written; then the
/// session is cleaned, as after any invocation. But it is none: nothing is asked of or reported to the Runtime API, nothing is counted, the
/// handler can tell by <see cref="InvocationContext.IsPriming"/>, and work for after the response does not run.
/// </para>
/// <para>
/// Choose a read: whatever it does is done at each cold start, unasked for, and is done in provisioned environments that serve nobody yet. And
/// choose one that answers with a row or two, of the types that others read: what finds nothing warms little.
/// </para>
/// <para>
/// It costs two round trips, for which a caller waits who is there already, as in a cold start on demand, and saves that caller less: so it is
/// done where nobody waits (provisioned concurrency, Lambda Managed Instances), or as <c>NATIVELAMBDA_PRIMING</c> says, <c>on</c> or
/// <c>off</c>. It is left out where Init got no connection, or none but after waiting for a slot; it takes no longer than a second and
/// what is left of <c>NATIVELAMBDA_INIT_BUDGET</c>; whatever goes wrong with it is logged, and does not fail Init.
/// </para>
/// </remarks>
public sealed class PrimingEvent
{
    private PrimingEvent(ReadOnlyMemory<byte> payload) => Payload = payload;

    internal ReadOnlyMemory<byte> Payload { get; }

    /// <summary>A GET request, for a handler of HTTP events.</summary>
    /// <param name="target">Path and query as in a URL, encoded, such as <c>/products?limit=1</c>.</param>
    /// <exception cref="ArgumentException">It does not begin with a slash, or has a character that a URL encodes.</exception>
    public static PrimingEvent Get(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.StartsWith('/') || !IsEncoded(target))
            throw new ArgumentException($"'{target}' is no path with a query: begin with a slash, and encode what is not allowed in a URL.", nameof(target));
        int mark = target.IndexOf('?', StringComparison.Ordinal);
        string path = mark < 0 ? target : target[..mark];
        string query = mark < 0 ? "" : target[(mark + 1)..];
        return new PrimingEvent(Encoding.ASCII.GetBytes(
            $$$"""
            {"version":"2.0","routeKey":"$default","rawPath":"{{{path}}}","rawQueryString":"{{{query}}}","headers":{"accept":"*/*","host":"localhost","user-agent":"{{{RuntimeApiHeaders.UserAgent}}}"},"requestContext":{"domainName":"localhost","http":{"method":"GET","path":"{{{path}}}","protocol":"HTTP/1.1","sourceIp":"127.0.0.1"},"requestId":"{{{Primer.RequestId}}}","routeKey":"$default","stage":"$default"},"isBase64Encoded":false}
            """));
    }

    /// <summary>An event of any kind.</summary>
    /// <param name="json">The event.</param>
    public static PrimingEvent Json(string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        return new PrimingEvent(Encoding.UTF8.GetBytes(json));
    }

    private static bool IsEncoded(string target)
    {
        foreach (char c in target)
        {
            if (c is not (> ' ' and <= '~') or '"' or '\\' or '#' or '<' or '>' or '^' or '`' or '{' or '|' or '}')
                return false;
        }

        return true;
    }
}
