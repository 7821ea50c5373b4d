namespace NativeLambda.Gateway.Routing;

/// <summary>A place in the tree of routes: behind some segments.</summary>
internal sealed class RouteNode
{
    private readonly Dictionary<string, RouteNode> _literals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RouteNode>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public RouteNode() => _lookup = _literals.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The place behind a segment that a variable takes.</summary>
    public RouteNode? Variable { get; private set; }

    /// <summary>The routes whose path ends here.</summary>
    public List<RouteEnd> Ends { get; } = [];

    /// <summary>The routes whose path goes on with the rest here.</summary>
    public List<RouteEnd> Rests { get; } = [];

    /// <summary>The place behind a segment of a template, which is made where there is none.</summary>
    public RouteNode Next(PathSegment segment)
    {
        if (segment.Kind == PathSegmentKind.Variable) return Variable ??= new RouteNode();
        if (!_literals.TryGetValue(segment.Text, out RouteNode? next)) _literals.Add(segment.Text, next = new RouteNode());
        return next;
    }

    /// <summary>The place behind a literal segment of a request, which may be encoded.</summary>
    public RouteNode? Literal(ReadOnlySpan<char> segment)
    {
        if (_literals.Count == 0) return null;
        if (segment.Contains('%')) segment = RawPath.Decode(segment);
        return _lookup.TryGetValue(segment, out RouteNode? next) ? next : null;
    }

    /// <summary>The route for a method whose path ends here.</summary>
    public RouteEnd? EndFor(string method) => For(Ends, method);

    /// <summary>The route for a method whose path goes on with the rest here.</summary>
    public RouteEnd? RestFor(string method) => For(Rests, method);

    private static RouteEnd? For(List<RouteEnd> ends, string method)
    {
        RouteEnd? any = null;
        foreach (RouteEnd end in ends)
        {
            if (end.Route.Key.Method == method) return end;
            if (end.Route.Key.Method is null) any ??= end;
        }
        return any;
    }
}

/// <summary>Where the path of a route ends.</summary>
/// <param name="Route">The route.</param>
/// <param name="Names">The names of its variables in their order.</param>
internal sealed record RouteEnd(Route Route, string[] Names);
