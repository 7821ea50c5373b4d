using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Configuration;

/// <summary>A configuration and what is made of it once. A request keeps the one that it began with.</summary>
/// <param name="configuration">What the file says.</param>
/// <param name="access">What access control needs.</param>
/// <param name="previous">The snapshot that this one takes the place of; null for the first.</param>
/// <exception cref="AccessOptionsException">Access cannot be as the configuration has it.</exception>
internal sealed class GatewaySnapshot(GatewayConfiguration configuration, AccessServices access, GatewaySnapshot? previous = null)
{
    /// <summary>What the file says.</summary>
    public GatewayConfiguration Configuration => configuration;

    /// <summary>The routes, ready to be searched.</summary>
    public RouteTable Routes { get; } = new(configuration.Routes, configuration.Stages);

    /// <summary>Who may use them.</summary>
    public AccessControl Access { get; } = AccessControl.Create(configuration.Access, configuration.Routes, access, previous?.Access);
}
