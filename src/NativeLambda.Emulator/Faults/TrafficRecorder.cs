namespace NativeLambda.Emulator.Faults;

/// <summary>Counts the flights of one connection by the changes of direction, which TLS does not hide.</summary>
/// <param name="time">The clock of the bursts.</param>
/// <param name="keepsHistory">Whether more than the last burst is kept.</param>
public sealed class TrafficRecorder(TimeProvider time, bool keepsHistory = true)
{
    private readonly Lock _lock = new();
    private readonly List<Burst> _bursts = [];

    /// <summary>What has passed, in order.</summary>
    public IReadOnlyList<Burst> Bursts
    {
        get
        {
            lock (_lock)
                return [.. _bursts];
        }
    }

    /// <summary>
    /// Bursts of the client that the server has answered: what a network charges its latency for. A burst without an answer, such
    /// as Terminate, is none, nor is what the server says unasked.
    /// </summary>
    public int Flights
    {
        get
        {
            lock (_lock)
                return _bursts.Zip(_bursts.Skip(1)).Count(pair => pair.First.Direction == TrafficDirection.ToServer);
        }
    }

    internal TrafficDirection? LastDirection
    {
        get
        {
            lock (_lock)
                return _bursts.Count == 0 ? null : _bursts[^1].Direction;
        }
    }

    internal void Add(TrafficDirection direction, int bytes)
    {
        lock (_lock)
        {
            if (_bursts.Count > 0 && _bursts[^1] is var last && last.Direction == direction)
                _bursts[^1] = last with { Bytes = last.Bytes + bytes };
            else
            {
                if (!keepsHistory)
                    _bursts.Clear();
                _bursts.Add(new Burst(direction, bytes, time.GetTimestamp()));
            }
        }
    }
}
