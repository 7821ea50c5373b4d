using NativeLambda.Emulator.Processes;

namespace NativeLambda.Emulator.Environments;

/// <summary>What a process of an environment did, in the order in which it did it.</summary>
internal abstract record RuntimeEvent
{
    private RuntimeEvent() { }

    /// <summary>The runtime and every extension ask for the next event: Init or the invocation is over.</summary>
    public sealed record Ready : RuntimeEvent;

    /// <summary>The response of the invocation.</summary>
    public sealed record Response(ReadOnlyMemory<byte> Payload, string ContentType) : RuntimeEvent;

    /// <summary>The response, which went to the caller as a stream, is at its end: complete, or with the error that ended it.</summary>
    public sealed record Streamed(InvocationOutcome? Failure) : RuntimeEvent;

    /// <summary>The response was over the limit.</summary>
    public sealed record ResponseTooLarge(long Limit) : RuntimeEvent;

    /// <summary>The invocation failed, as the runtime says.</summary>
    public sealed record Error(ReadOnlyMemory<byte> Payload, string ErrorType) : RuntimeEvent;

    /// <summary>Init failed, as the runtime or an extension says.</summary>
    public sealed record InitError(ReadOnlyMemory<byte> Payload, string ErrorType) : RuntimeEvent;

    /// <summary>Every external extension has registered: the runtime may start.</summary>
    public sealed record ExtensionsRegistered : RuntimeEvent;

    /// <summary>A process ended: the runtime's, or that of the extension that is named.</summary>
    /// <param name="Status">How.</param>
    /// <param name="ErrorType">What an extension has said about it before, if one has; what befell an extension.</param>
    /// <param name="Extension">The external extension's name.</param>
    public sealed record Exited(ExitStatus Status, string? ErrorType = null, string? Extension = null) : RuntimeEvent;
}
