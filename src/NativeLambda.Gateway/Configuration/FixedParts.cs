using NativeLambda.Gateway.Operation.Logging;

namespace NativeLambda.Gateway.Configuration;

/// <summary>The parts of a configuration that are used once, at the start.</summary>
internal static class FixedParts
{
    /// <summary>Those that a configuration has otherwise than the one that the gateway was started with, by their names in the file.</summary>
    public static IReadOnlyList<string> Differing(GatewayConfiguration started, GatewayConfiguration next)
    {
        var parts = new List<string>();
        if (!started.Listeners.SequenceEqual(next.Listeners)) parts.Add("listeners");
        if (!started.TrustedProxies.SequenceEqual(next.TrustedProxies)) parts.Add("trustedProxies");
        if (started.Operation.Management != next.Operation.Management) parts.Add("management");
        if (started.Lambda != next.Lambda) parts.Add("lambda");
        if (!Same(started.Operation.AccessLog, next.Operation.AccessLog)) parts.Add("accessLog");
        return parts;
    }

    private static bool Same(AccessLogOptions? one, AccessLogOptions? other) =>
        one is null || other is null ? one is null && other is null : one.File == other.File && one.Fields.SequenceEqual(other.Fields);
}
