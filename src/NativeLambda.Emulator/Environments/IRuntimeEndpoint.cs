namespace NativeLambda.Emulator.Environments;

/// <summary>Where the processes of one environment find their Runtime API and Extensions API.</summary>
internal interface IRuntimeEndpoint : IDisposable
{
    /// <summary>Its address, the same for the life of the environment.</summary>
    Uri Uri { get; }

    /// <summary>
    /// Gives what connects from now on to this session. What the processes before have sent, and is still on its way, stays with theirs.
    /// </summary>
    Task ServeAsync(RuntimeSession session);
}
