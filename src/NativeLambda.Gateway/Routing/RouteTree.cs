using NativeLambda.Gateway.Configuration;

namespace NativeLambda.Gateway.Routing;

/// <summary>
/// The routes of a host, by the segments of their paths. API Gateway's precedence: a full match of path and method, then one by
/// <c>{proxy+}</c>, then <c>$default</c>. Where several templates match in full, the first segment in which they differ decides, a literal
/// before a variable; of several that end with a rest likewise. Of the routes of one template that of the method comes before ANY.
/// Source: <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html">API Gateway, Routing API
/// requests</see>.
/// </summary>
/// <remarks>
/// Nothing is normalized: paths are compared segment by segment after decoding, so that <c>%2F</c> is a part of its segment; case counts;
/// a slash at the end begins an empty segment, which only a rest takes.
/// </remarks>
internal sealed class RouteTree
{
    private readonly RouteNode _root = new();
    private readonly Route? _default;

    public RouteTree(IEnumerable<Route> routes)
    {
        foreach (Route route in routes)
        {
            if (route.Key.Path is { } path) Add(route, path);
            else _default ??= route;
        }
    }

    /// <summary>The route for a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, still encoded, without the stage.</param>
    /// <param name="stage">The stage, for the match.</param>
    public RouteMatch? Find(string method, ReadOnlySpan<char> path, StageOptions stage)
    {
        Span<Range> values = stackalloc Range[PathTemplate.MaxSegments];
        var search = new Search(method, path, values);
        int start = path.Length == 1 ? path.Length + 1 : 1; // the root has no segments
        if (search.Full(_root, start, 0) is { } full) return search.Match(full, stage);
        if (search.Rest(_root, 1, 0) is { } rest) return search.Match(rest, stage);
        return _default is null ? null : new RouteMatch(_default, stage, RouteMatch.NoParameters);
    }

    private void Add(Route route, PathTemplate path)
    {
        RouteNode node = _root;
        List<RouteEnd> ends = node.Ends;
        foreach (PathSegment segment in path.Segments)
        {
            if (segment.Kind == PathSegmentKind.Rest)
            {
                ends = node.Rests;
                break;
            }
            node = node.Next(segment);
            ends = node.Ends;
        }
        ends.Add(new RouteEnd(route, [.. path.Segments.Where(static segment => segment.Kind != PathSegmentKind.Literal).Select(static segment => segment.Text)]));
    }

    /// <summary>A search. It visits each node at most once, so its cost is bounded by the routes, not by the path.</summary>
    private readonly ref struct Search(string method, ReadOnlySpan<char> path, Span<Range> values)
    {
        private readonly ReadOnlySpan<char> _path = path;
        private readonly Span<Range> _values = values;

        /// <summary>Looks for a template that matches the path from a place on to its end.</summary>
        public RouteEnd? Full(RouteNode node, int start, int depth)
        {
            if (start > _path.Length) return node.EndFor(method);
            (Range segment, int next) = SegmentAt(start);
            if (node.Literal(_path[segment]) is { } literal && Full(literal, next, depth) is { } found) return found;
            if (node.Variable is null || _path[segment].IsEmpty) return null;
            _values[depth] = segment;
            return Full(node.Variable, next, depth + 1);
        }

        /// <summary>Looks for a template that ends with the rest of the path, the longer ones first.</summary>
        public RouteEnd? Rest(RouteNode node, int start, int depth)
        {
            if (start < _path.Length)
            {
                (Range segment, int next) = SegmentAt(start);
                if (node.Literal(_path[segment]) is { } literal && Rest(literal, next, depth) is { } found) return found;
                if (node.Variable is { } variable && !_path[segment].IsEmpty)
                {
                    _values[depth] = segment;
                    if (Rest(variable, next, depth + 1) is { } deeper) return deeper;
                }
            }
            if (start > _path.Length || node.RestFor(method) is not { } end) return null; // without a slash there is no rest
            _values[depth] = start.._path.Length;
            return end;
        }

        public RouteMatch Match(RouteEnd end, StageOptions stage)
        {
            if (end.Names.Length == 0) return new RouteMatch(end.Route, stage, RouteMatch.NoParameters);
            var parameters = new Dictionary<string, string>(end.Names.Length);
            for (int index = 0; index < end.Names.Length; index++) parameters.Add(end.Names[index], RawPath.Decode(_path[_values[index]]));
            return new RouteMatch(end.Route, stage, parameters);
        }

        /// <summary>A segment, and where the next one begins: behind the slash, or behind the end of the path where there is none.</summary>
        private (Range Segment, int Next) SegmentAt(int start)
        {
            int length = _path[start..].IndexOf('/');
            return length < 0 ? (start.._path.Length, _path.Length + 1) : (start..(start + length), start + length + 1);
        }
    }
}
