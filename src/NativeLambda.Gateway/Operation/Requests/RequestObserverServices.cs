using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Operation.Telemetry;

namespace NativeLambda.Gateway.Operation.Requests;

/// <summary>What <see cref="RequestObserver"/> tells of a request, and by which clock.</summary>
/// <param name="Time">The time.</param>
/// <param name="Log">The access log; null for none.</param>
/// <param name="Metrics">The metrics.</param>
/// <param name="Drain">Whether the gateway is ending.</param>
/// <param name="Logger">Is told of what must not happen.</param>
internal sealed record RequestObserverServices(TimeProvider Time, AccessLog? Log, GatewayMetrics Metrics, DrainState Drain, ILogger Logger);
