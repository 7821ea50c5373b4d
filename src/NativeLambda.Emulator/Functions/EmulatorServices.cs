using NativeLambda.Emulator.Dashboard.Feed;
using NativeLambda.Emulator.Http;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Emulator.Functions;

/// <summary>What all functions of one emulator share.</summary>
internal sealed record EmulatorServices
{
    public required TimeProvider Time { get; init; }

    public required SandboxFactory Sandboxes { get; init; }

    public required HttpService Http { get; init; }

    /// <summary>Called whenever an environment has changed.</summary>
    public required Action Changed { get; init; }

    /// <summary>What the dashboard shows, where there is one.</summary>
    public FeedState? Dashboard { get; init; }
}
