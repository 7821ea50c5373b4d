using System.Net;

namespace NativeLambda.Gateway.Operation.Management;

/// <summary>Where health, readiness and metrics are answered: never where requests are.</summary>
/// <param name="Address">The address; loopback unless it is said otherwise, for nothing here asks who is asking.</param>
/// <param name="Port">The port; 0 for a free one.</param>
internal sealed record ManagementOptions(IPAddress Address, int Port)
{
    /// <summary>Metrics, and health checks from this machine: <c>127.0.0.1:9090</c>.</summary>
    public static ManagementOptions Default { get; } = new(IPAddress.Loopback, 9090);

    /// <summary>Whether <c>/metrics</c> is there, and metrics are collected at all.</summary>
    public bool Prometheus { get; init; } = true;
}
