namespace NativeLambda.Http;

/// <summary>A method, a template and their handler.</summary>
internal sealed class HttpRoute
{
    private readonly Segment[] _segments;

    /// <exception cref="ArgumentException">The method or the template is malformed.</exception>
    public HttpRoute(string method, string template, HttpHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(handler);
        if (!template.StartsWith('/'))
            throw new ArgumentException($"The template '{template}' does not start with a slash.", nameof(template));
        Method = method;
        Template = template;
        Handler = handler;
        _segments = Array.ConvertAll(template[1..].Split('/'), text => Segment.Parse(text, template));
        for (int i = 0; i < _segments.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (_segments[i].IsParameter && _segments[j].IsParameter && _segments[i].Text == _segments[j].Text)
                    throw new ArgumentException($"The template '{template}' has the parameter '{_segments[i].Text}' twice.", nameof(template));
            }
        }
    }

    public string Method { get; }

    public string Template { get; }

    public HttpHandler Handler { get; }

    /// <param name="path">The decoded segments of a path.</param>
    public bool Matches(string[] path)
    {
        if (path.Length != _segments.Length)
            return false;
        for (int i = 0; i < path.Length; i++)
        {
            if (_segments[i].IsParameter ? path[i].Length == 0 : path[i] != _segments[i].Text)
                return false;
        }

        return true;
    }

    /// <summary>The parameters of a path that matches.</summary>
    public Dictionary<string, string> Parameters(string[] path)
    {
        var parameters = new Dictionary<string, string>();
        for (int i = 0; i < path.Length; i++)
        {
            if (_segments[i].IsParameter)
                parameters[_segments[i].Text] = path[i];
        }

        return parameters;
    }

    /// <summary>Of two routes that match one path: whether this has a literal where they first differ in kind.</summary>
    public bool IsMoreLiteralThan(HttpRoute other)
    {
        for (int i = 0; i < _segments.Length; i++)
        {
            if (_segments[i].IsParameter != other._segments[i].IsParameter)
                return other._segments[i].IsParameter;
        }

        return false;
    }

    /// <summary>Whether both match the same requests.</summary>
    public bool IsSameAs(HttpRoute other)
    {
        if (Method != other.Method || _segments.Length != other._segments.Length)
            return false;
        for (int i = 0; i < _segments.Length; i++)
        {
            Segment mine = _segments[i];
            Segment theirs = other._segments[i];
            if (mine.IsParameter != theirs.IsParameter || (!mine.IsParameter && mine.Text != theirs.Text))
                return false;
        }

        return true;
    }

    /// <summary>One segment of a template.</summary>
    /// <param name="Text">The literal, or the name of the parameter.</param>
    /// <param name="IsParameter">Whether any text matches.</param>
    private readonly record struct Segment(string Text, bool IsParameter)
    {
        public static Segment Parse(string text, string template)
        {
            if (text.Length > 2 && text[0] == '{' && text[^1] == '}' && text.AsSpan(1, text.Length - 2).IndexOfAny('{', '}') < 0)
                return new Segment(text[1..^1], IsParameter: true);
            if (text.AsSpan().IndexOfAny('{', '}') >= 0)
                throw new ArgumentException($"The template '{template}' has a parameter that is not a whole segment such as {{id}}.", nameof(template));
            return new Segment(text, IsParameter: false);
        }
    }
}
