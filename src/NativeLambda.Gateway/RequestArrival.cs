using Microsoft.AspNetCore.Http.Features;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Invocation;
using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway;

/// <summary>The step that gives a request the configuration that it keeps to its end, and its path and query as the client wrote them.</summary>
internal sealed class RequestArrival(RequestDelegate next, GatewayState state)
{
    private const string SchemeEnd = "://";

    public Task InvokeAsync(HttpContext context)
    {
        ReadOnlySpan<char> target = PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        int mark = target.IndexOf('?');
        string path = mark < 0 ? target.ToString() : target[..mark].ToString();
        context.Features.Set(new GatewayRequest(RequestFacts.Of(context), state.Current, path, mark < 0 ? "" : target[(mark + 1)..].ToString()));
        return RawPath.HasDotSegment(path) ? GatewayAnswer.WriteAsync(context, StatusCodes.Status400BadRequest) : next(context);
    }

    /// <summary>What follows scheme and authority where a client wrote the absolute form, as to a proxy (RFC 9112, 3.2.2).</summary>
    internal static ReadOnlySpan<char> PathAndQuery(string target)
    {
        if (target.StartsWith('/')) return target;
        int scheme = target.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (scheme < 0) return target; // OPTIONS *, CONNECT host:port
        ReadOnlySpan<char> rest = target.AsSpan(scheme + SchemeEnd.Length);
        int end = rest.IndexOfAny('/', '?');
        if (end < 0) return "/";
        return rest[end] == '/' ? rest[end..] : $"/{rest[end..]}";
    }
}
