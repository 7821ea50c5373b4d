using Microsoft.AspNetCore.Connections.Features;

namespace NativeLambda.Gateway.Invocation;

/// <summary>
/// Ends a response of HTTP/1.1 that cannot be finished: what was written goes out, then the connection ends without the response's last
/// chunk, which is how a client learns that it is not whole.
/// </summary>
/// <remarks>
/// An exception alone makes Kestrel reset the connection at once. Then the head of the response, and all that the client has received
/// but not read yet, is lost, and the client has no answer at all.
/// </remarks>
internal static class BrokenEnd
{
    /// <summary>How long a client may take for what was written before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task WriteAsync(HttpContext context, TimeProvider time)
    {
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) || context.Features.Get<IConnectionTransportFeature>() is not { } connection) return;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = context.RequestAborted.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), closed);
        // The server's loop of sending ends with what it has, and ends the connection then.
        await connection.Transport.Output.CompleteAsync();
        await Task.WhenAny(closed.Task, Task.Delay(Patience, time, context.RequestAborted));
    }
}
