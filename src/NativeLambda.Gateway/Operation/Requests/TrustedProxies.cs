using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace NativeLambda.Gateway.Operation.Requests;

/// <summary>
/// Believes proxies in front what they say of their clients: address and scheme of a request are then the client's, by the framework's own
/// middleware. Without such proxies it is not there.
/// </summary>
internal static class TrustedProxies
{
    private static readonly string[] Traces = ["X-Original-For", "X-Original-Proto"];

    /// <summary>Puts the step before all others.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="networks">Where they are.</param>
    public static void Use(IApplicationBuilder app, IReadOnlyList<IPNetwork> networks)
    {
        if (networks.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null, // as many as are trusted: the first that is not is the client
        };
        options.KnownProxies.Clear(); // loopback, else
        options.KnownIPNetworks.Clear();
        foreach (IPNetwork network in networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
        // What the framework keeps of the headers is its own matter, and no function's.
        app.Use(static next => context =>
        {
            foreach (string name in Traces) context.Request.Headers.Remove(name);
            return next(context);
        });
    }
}
