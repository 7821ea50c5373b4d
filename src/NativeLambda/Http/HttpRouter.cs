using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Http;

/// <summary>
/// Finds the handler of a request by method and path. Its <see cref="HandleAsync"/> is itself an <see cref="HttpHandler"/>.
/// </summary>
/// <remarks>
/// <para>A template is a path of literal segments and parameters that are whole segments: <c>/products/{id}/movements</c>. Where
/// several match, the first literal from the left wins over a parameter. Literals are case-sensitive.</para>
/// <para>A path is split at its slashes and then decoded, once: <c>%2F</c> stays inside its segment. A parameter is never empty.
/// A trailing slash makes another path, which is not found unless it was mapped; no redirect, for that would cost a client a
/// second invocation to learn of a typing error.</para>
/// <para>GET serves HEAD, whose response loses its body. OPTIONS is answered by 204 with <c>Allow</c> unless it is mapped. An
/// unknown path is a 404, a known one with another method, whatever it is, a 405 with <c>Allow</c>
/// (<see href="https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6">RFC 9110, section 15.5.6</see>).</para>
/// <para>A linear search: for the few routes of a function it is faster than building anything at Init.</para>
/// </remarks>
public sealed class HttpRouter
{
    private readonly List<HttpRoute> _routes = [];

    /// <summary>Adds a route. At Init only: not while requests are handled.</summary>
    /// <param name="method">The method, case-sensitive.</param>
    /// <param name="template">The template, such as <c>/products/{id}</c>.</param>
    /// <param name="handler">Handles its requests.</param>
    /// <returns>This router.</returns>
    /// <exception cref="ArgumentException">The template is malformed, or matches the same requests as one before.</exception>
    public HttpRouter Map(string method, string template, HttpHandler handler)
    {
        var route = new HttpRoute(method, template, handler);
        foreach (HttpRoute other in _routes)
        {
            if (route.IsSameAs(other))
                throw new ArgumentException($"{method} '{template}' matches the same requests as '{other.Template}'.", nameof(template));
        }

        _routes.Add(route);
        return this;
    }

    /// <summary>Handles a request by the route that matches, or answers that there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="connection">Lent to the handler.</param>
    /// <param name="context">The invocation.</param>
    /// <param name="cancellationToken">Fires shortly before the deadline.</param>
    /// <returns>The response of the handler, or the problem that it threw as <see cref="HttpProblemException"/>.</returns>
    public async ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        HttpResponse response;
        try
        {
            string[] path = Split(request.Path);
            response = Find(request.Method, path) is { } route
                ? await route.Handler(request with { RouteParameters = route.Parameters(path) }, connection, context, cancellationToken)
                : AnswerUnmapped(request, path);
        }
        catch (HttpProblemException e)
        {
            response = HttpResponse.Problem(e.Problem);
        }

        return request.Method == HttpMethods.Head ? response.WithoutBody() : response;
    }

    private HttpRoute? Find(string method, string[] path) =>
        FindExactly(method, path) ?? (method == HttpMethods.Head ? FindExactly(HttpMethods.Get, path) : null);

    private HttpRoute? FindExactly(string method, string[] path)
    {
        HttpRoute? best = null;
        foreach (HttpRoute route in _routes)
        {
            if (route.Method == method && route.Matches(path) && (best is null || route.IsMoreLiteralThan(best)))
                best = route;
        }

        return best;
    }

    private HttpResponse AnswerUnmapped(HttpRequest request, string[] path)
    {
        var allowed = new List<string>();
        foreach (HttpRoute route in _routes)
        {
            if (!route.Matches(path))
                continue;
            Include(allowed, route.Method);
            if (route.Method == HttpMethods.Get)
                Include(allowed, HttpMethods.Head);
        }

        if (allowed.Count == 0)
            return HttpResponse.Problem(ProblemDetails.ForStatus(404, "There is nothing at this path."));
        Include(allowed, HttpMethods.Options);
        string allow = string.Join(", ", allowed);
        HttpResponse response = request.Method == HttpMethods.Options
            ? HttpResponse.NoContent()
            : HttpResponse.Problem(ProblemDetails.ForStatus(405, $"This path allows {allow}."));
        return response.WithHeader("allow", allow);
    }

    private static void Include(List<string> methods, string method)
    {
        if (!methods.Contains(method))
            methods.Add(method);
    }

    private static string[] Split(string path)
    {
        string[] segments = path.StartsWith('/') ? path[1..].Split('/') : path.Split('/');
        for (int i = 0; i < segments.Length; i++)
            segments[i] = PercentEncoding.Decode(segments[i], plusIsSpace: false);
        return segments;
    }
}
