namespace NativeLambda.Gateway.Routing;

/// <summary>
/// What a route is called: <c>GET /products/{id}</c>, <c>ANY /{proxy+}</c>, <c>$default</c>. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">API Gateway, routes for HTTP
/// APIs</see>.
/// </summary>
/// <param name="Method">The method in capitals; null for <c>ANY</c> and <c>$default</c>.</param>
/// <param name="Path">The path template; null for <c>$default</c>.</param>
internal sealed record RouteKey(string? Method, PathTemplate? Path)
{
    /// <summary>The name of the route of all requests that no other is for.</summary>
    public const string DefaultName = "$default";

    private const string AnyMethod = "ANY";

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    /// <summary><c>$default</c>.</summary>
    public static RouteKey Default { get; } = new(null, null);

    /// <summary>The key as API Gateway writes it in events.</summary>
    public string Text { get; } = Path is null ? DefaultName : $"{Method ?? AnyMethod} {Path.Text}";

    /// <summary>Reads a key. A path alone is for every method.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static RouteKey Parse(string text)
    {
        if (text == DefaultName) return Default;
        if (text.StartsWith('/')) return new RouteKey(null, PathTemplate.Parse(text));
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) throw new FormatException($"a method and a path are expected, such as \"GET /products/{{id}}\", or \"{DefaultName}\"");
        string method = text[..space];
        if (method != AnyMethod && !Methods.Contains(method))
            throw new FormatException($"\"{method}\" is no method: {string.Join(", ", Methods)} or {AnyMethod}, in capitals");
        return new RouteKey(method == AnyMethod ? null : method, PathTemplate.Parse(text[(space + 1)..]));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
