namespace NativeLambda.Emulator.Freezing;

/// <summary>Makes the freezers of one emulator, and knows what it must leave behind clean.</summary>
internal sealed class FreezerFactory : IDisposable
{
    private readonly string? _directory;

    private FreezerFactory(FreezeMethod method, string? directory)
    {
        Method = method;
        _directory = directory;
    }

    /// <summary>The method in use, never <see cref="FreezeMethod.Auto"/>.</summary>
    public FreezeMethod Method { get; }

    /// <summary>The control group that holds those of the environments, or nothing.</summary>
    public string? Directory => _directory;

    /// <summary>Chooses the method, clears what emulators that died left behind, and makes the parent control group.</summary>
    /// <exception cref="FreezeException">The wanted method is not available here.</exception>
    public static FreezerFactory Create(FreezeMethod wanted)
    {
        string? v2 = wanted is FreezeMethod.Auto or FreezeMethod.CgroupV2 ? CgroupMount.FindV2() : null;
        if (v2 is not null) return InDirectory(FreezeMethod.CgroupV2, v2);
        string? v1 = wanted is FreezeMethod.Auto or FreezeMethod.CgroupV1 ? CgroupMount.FindV1() : null;
        if (v1 is not null) return InDirectory(FreezeMethod.CgroupV1, v1);
        return wanted is FreezeMethod.Auto or FreezeMethod.Signal
            ? new FreezerFactory(FreezeMethod.Signal, null)
            : throw new FreezeException(
                $"the freezing method {wanted} is not available: no control group file system of that version may be written. "
                + "Run as root or in a delegated control group, or use the method Signal.");
    }

    /// <summary>A freezer for a new environment.</summary>
    public IFreezer CreateFreezer(string environmentId) => Method switch
    {
        FreezeMethod.CgroupV2 => new CgroupV2Freezer(Path.Combine(_directory!, environmentId)),
        FreezeMethod.CgroupV1 => new CgroupV1Freezer(Path.Combine(_directory!, environmentId)),
        _ => new SignalFreezer(),
    };

    /// <summary>Removes the parent control group; the freezers must be gone.</summary>
    public void Dispose()
    {
        if (_directory is not null) CgroupDirectory.TryRemove(_directory);
    }

    private static FreezerFactory InDirectory(FreezeMethod method, string parent)
    {
        CgroupLeftovers.Remove(parent);
        string directory = Path.Combine(parent, CgroupLeftovers.NewName());
        System.IO.Directory.CreateDirectory(directory);
        return new FreezerFactory(method, directory);
    }
}
