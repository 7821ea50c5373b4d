using NativeLambda.Gateway.Configuration;

namespace NativeLambda.Gateway.Routing;

/// <summary>The route that was chosen for a request.</summary>
/// <param name="Route">The route.</param>
/// <param name="Stage">The stage that the request is for.</param>
/// <param name="Parameters">The values of the path's variables, decoded.</param>
internal sealed record RouteMatch(Route Route, StageOptions Stage, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>The function to invoke.</summary>
    public string Function => Route.Functions is { } functions ? functions[Stage.Name] : Route.Function;

    /// <summary>Those of a path without variables.</summary>
    public static IReadOnlyDictionary<string, string> NoParameters { get; } = new Dictionary<string, string>();
}
