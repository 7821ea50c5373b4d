namespace NativeLambda.Trials.Soak.Judging;

/// <summary>What the clients were told, for the oracle.</summary>
internal sealed class History
{
    private readonly Lock _lock = new();
    private readonly List<WriteRecord> _writes = [];
    private readonly List<ReadRecord> _reads = [];

    public IReadOnlyList<WriteRecord> Writes
    {
        get
        {
            lock (_lock)
                return [.. _writes];
        }
    }

    public IReadOnlyList<ReadRecord> Reads
    {
        get
        {
            lock (_lock)
                return [.. _reads];
        }
    }

    public void Add(WriteRecord write)
    {
        lock (_lock)
            _writes.Add(write);
    }

    public void Add(ReadRecord read)
    {
        lock (_lock)
            _reads.Add(read);
    }
}
