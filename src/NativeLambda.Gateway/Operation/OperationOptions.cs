using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Operation.Management;

namespace NativeLambda.Gateway.Operation;

/// <summary>How the gateway is operated.</summary>
internal sealed record OperationOptions
{
    /// <summary>Health, readiness and metrics; null for none.</summary>
    public ManagementOptions? Management { get; init; } = ManagementOptions.Default;

    /// <summary>The access log; null for none.</summary>
    public AccessLogOptions? AccessLog { get; init; } = new();

    /// <summary>How it ends.</summary>
    public DrainOptions Drain { get; init; } = DrainOptions.Default;

    /// <summary>Whether <c>/</c> shows a page that lists the routes and tries them, where no route is for it: for development.</summary>
    public bool FirstPage { get; init; }
}
