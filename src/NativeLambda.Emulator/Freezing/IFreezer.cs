namespace NativeLambda.Emulator.Freezing;

/// <summary>Freezes and thaws all processes of one execution environment, and ends them.</summary>
internal interface IFreezer : IAsyncDisposable
{
    /// <summary>The method, never <see cref="FreezeMethod.Auto"/>.</summary>
    FreezeMethod Method { get; }

    /// <summary>
    /// The files into which a process writes its own id to come under this freezer, before it becomes the bootstrap; none where
    /// membership is by session.
    /// </summary>
    IReadOnlyList<string> MembershipFiles { get; }

    /// <summary>Names the process whose session is the environment.</summary>
    void Attach(int processId);

    /// <summary>Stops every process, and returns when the kernel says that every one of them stands still.</summary>
    /// <exception cref="FreezeException">It does not, after several seconds.</exception>
    Task FreezeAsync(CancellationToken cancellation);

    /// <summary>Lets every process run on. Harmless when not frozen.</summary>
    void Thaw();

    /// <summary>
    /// Kills every process, frozen or not, children included, and returns when none runs any more. The freezer can be used again
    /// for another process.
    /// </summary>
    Task KillAsync();
}
