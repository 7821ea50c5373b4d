using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace NativeLambda.Emulator.Environments;

/// <summary>A response on its way from the runtime to the caller. Who writes is made to wait while the caller does not read.</summary>
/// <param name="contentType">What the runtime calls it.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has neither timer nor wait handle: there is nothing to release.")]
internal sealed class ResponseStream(string contentType)
{
    // How far the runtime may be ahead of the caller; what the kernel's socket buffers hold comes on top.
    private const int PauseAt = 64 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: PauseAt, resumeWriterThreshold: PauseAt / 2, useSynchronizationContext: false));
    private readonly TaskCompletionSource<InvocationOutcome?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _broken = new();

    public string ContentType { get; } = contentType;

    /// <summary>The bytes for the caller. When they are at an end, <see cref="Ended"/> says how that came.</summary>
    public PipeReader Reader => _pipe.Reader;

    /// <summary>Nothing for a complete response, else the error that ended it.</summary>
    public Task<InvocationOutcome?> Ended => _ended.Task;

    /// <summary>Fires when somebody else than the writer has ended the response: the process has died, or its time is over.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Passes bytes on, when the caller has taken enough of those before. A caller that is gone takes everything.</summary>
    /// <exception cref="OperationCanceledException">The response was ended meanwhile.</exception>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            FlushResult flushed = await _pipe.Writer.WriteAsync(segment, Broken);
            if (flushed.IsCompleted) return;
        }
    }

    /// <summary>Ends the response. The first end counts.</summary>
    public void End(InvocationOutcome? error)
    {
        if (_ended.TrySetResult(error)) _broken.Cancel();
    }

    /// <summary>Tells the reader that no more bytes come. For the writer alone, after <see cref="End"/>.</summary>
    public void CompleteWriter() => _pipe.Writer.Complete();
}
