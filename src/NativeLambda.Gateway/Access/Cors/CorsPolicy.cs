using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace NativeLambda.Gateway.Access.Cors;

/// <summary>
/// Answers preflight requests, and gives responses the headers by which a browser lets a page of another origin read them. What a
/// function says of it itself is ignored.
/// </summary>
/// <remarks>
/// The policy is stated and the browser decides, as the Fetch standard has it: a request from an origin that is not allowed is served
/// like any other, but without the headers, and its page cannot read the response. Sources: <see cref="CorsOptions"/>;
/// <see href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch, CORS protocol</see>.
/// </remarks>
internal sealed class CorsPolicy
{
    private static readonly SearchValues<char> TokenList =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~, ");

    private static readonly string[] ResponseHeaders =
    [
        HeaderNames.AccessControlAllowOrigin, HeaderNames.AccessControlAllowCredentials, HeaderNames.AccessControlExposeHeaders,
        HeaderNames.AccessControlMaxAge, HeaderNames.AccessControlAllowMethods, HeaderNames.AccessControlAllowHeaders,
    ];

    private readonly bool _any;
    private readonly OriginPattern[] _origins;
    private readonly bool _credentials;
    private readonly string? _methods;
    private readonly string? _headers;
    private readonly string? _exposed;
    private readonly string? _maxAge;

    /// <exception cref="AccessOptionsException">An option cannot be as it is.</exception>
    public CorsPolicy(CorsOptions options)
    {
        if (options.AllowOrigins.Count == 0) throw new AccessOptionsException("allowOrigins", "name at least one origin, or *");
        _any = options.AllowOrigins.Contains("*");
        _credentials = options.AllowCredentials;
        if (_any && _credentials)
            throw new AccessOptionsException("allowCredentials", "credentials are not allowed together with the origin *: name the origins, or use https://*");
        if (options.MaxAge is { } age && (age < TimeSpan.Zero || age > TimeSpan.FromSeconds(86400)))
            throw new AccessOptionsException("maxAge", "must be from 0 to 86400 seconds");
        _origins = [.. options.AllowOrigins.Select(static (entry, i) => (entry, i)).Where(static pair => pair.entry != "*")
            .Select(static pair => OriginPattern.Parse(pair.entry, $"allowOrigins[{pair.i}]"))];
        _methods = Join(options.AllowMethods, "allowMethods");
        _headers = Join(options.AllowHeaders, "allowHeaders");
        _exposed = Join(options.ExposeHeaders, "exposeHeaders");
        _maxAge = options.MaxAge is { } seconds ? ((long)seconds.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Whether a request asks whether another one may be made.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Answers a preflight request: 204, and what is allowed when its origin is.</summary>
    public void AnswerPreflight(HttpContext context)
    {
        IHeaderDictionary request = context.Request.Headers, response = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (!AddOrigin(request.Origin, response)) return;
        // With credentials a star is the name of a method or a header, and no wildcard: so what was asked for is named.
        Set(response, HeaderNames.AccessControlAllowMethods, _methods, request.AccessControlRequestMethod);
        Set(response, HeaderNames.AccessControlAllowHeaders, _headers, request.AccessControlRequestHeaders);
        if (_maxAge is not null) response.AccessControlMaxAge = _maxAge;
    }

    /// <summary>Sees to it that the response, whoever makes it, has the policy's headers and no other ones.</summary>
    public void Decorate(HttpContext context) =>
        context.Response.OnStarting(static state =>
        {
            (CorsPolicy policy, HttpContext context) = ((CorsPolicy, HttpContext))state;
            policy.SetHeaders(context);
            return Task.CompletedTask;
        }, (this, context));

    private void SetHeaders(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        foreach (string name in ResponseHeaders) headers.Remove(name);
        if (AddOrigin(context.Request.Headers.Origin, headers) && _exposed is not null) headers.AccessControlExposeHeaders = _exposed;
    }

    /// <returns>Whether the origin is allowed.</returns>
    private bool AddOrigin(StringValues given, IHeaderDictionary response)
    {
        // A cache must not give one origin's response to another.
        if (!_any) response.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (given is not [{ } origin]) return false;
        if (!_any && !Array.Exists(_origins, pattern => pattern.Matches(origin))) return false;
        response.AccessControlAllowOrigin = _any ? "*" : origin;
        if (_credentials) response.AccessControlAllowCredentials = "true";
        return true;
    }

    private void Set(IHeaderDictionary response, string name, string? allowed, StringValues asked)
    {
        if (allowed == "*" && _credentials)
            allowed = asked is [{ Length: > 0 } list] && !list.AsSpan().ContainsAnyExcept(TokenList) ? list : null;
        if (allowed is not null) response[name] = allowed;
    }

    private static string? Join(IReadOnlyList<string> entries, string option)
    {
        for (int i = 0; i < entries.Count; i++)
            if (entries[i].Length == 0 || entries[i].AsSpan().ContainsAnyExcept(TokenList) || entries[i].AsSpan().ContainsAny(", "))
                throw new AccessOptionsException($"{option}[{i}]", $"\"{entries[i]}\" is no {(option == "allowMethods" ? "method" : "header's name")}");
        return entries.Count == 0 ? null : entries.Contains("*") ? "*" : string.Join(',', entries);
    }
}
