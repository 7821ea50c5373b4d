using System.IO.Pipelines;

namespace NativeLambda.Gateway.Lambda;

/// <summary>The result of an invocation while it comes. Disposing it ends the reading, and the connection where the rest is not there yet.</summary>
internal abstract class LambdaResponseStream : IAsyncDisposable
{
    /// <summary>Lambda's name for the invocation.</summary>
    public abstract string RequestId { get; }

    /// <summary>The content type that the function declared (<c>X-Amzn-Remapped-Content-Type</c>); null when there is none.</summary>
    public abstract string? ContentType { get; }

    /// <summary>
    /// The bytes that the function wrote. Reading is what lets more come. After the last byte it completes, with
    /// <see cref="LambdaStreamException"/> when the function failed in the middle or the connection broke.
    /// </summary>
    public abstract PipeReader Body { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
