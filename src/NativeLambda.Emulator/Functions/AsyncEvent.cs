namespace NativeLambda.Emulator.Functions;

/// <summary>An event of an asynchronous invocation, for as long as it waits or is worked on.</summary>
internal sealed class AsyncEvent
{
    /// <summary>The id of the request, the same in every attempt.</summary>
    public required string RequestId { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required InvokeOptions Options { get; init; }

    /// <summary>The ARN that the caller used.</summary>
    public required string Arn { get; init; }

    /// <summary>When it was accepted, on the clock of timestamps.</summary>
    public required long AcceptedAt { get; init; }

    /// <summary>How often the function has got it.</summary>
    public int Attempts { get; set; }

    /// <summary>How often it was throttled since it last ran.</summary>
    public int Throttles { get; set; }

    /// <summary>What the function has answered last; nothing while it never ran.</summary>
    public InvokeResult? LastResult { get; set; }

    /// <summary>Whether the function has it now.</summary>
    public bool IsRunning { get; set; }
}
