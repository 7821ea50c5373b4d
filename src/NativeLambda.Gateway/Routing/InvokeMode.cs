namespace NativeLambda.Gateway.Routing;

/// <summary>How a route invokes its function.</summary>
internal enum InvokeMode
{
    /// <summary>The client waits for the function's whole result (<c>RequestResponse</c>).</summary>
    Sync,

    /// <summary>The event is put into the function's queue and the client gets 202 (<c>Event</c>).</summary>
    Event,

    /// <summary>The client gets the result while the function makes it (<c>InvokeWithResponseStream</c>).</summary>
    Stream,
}
