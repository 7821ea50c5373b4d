using System.Net;
using System.Net.Sockets;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Benchmarks.Wire;

/// <summary>
/// A network of a given latency before a server on loopback: counts the flights of each connection, and delivers what a client sends so
/// much later. It is a delay line, as a real link is: bytes that follow each other at once arrive one after the other, not one delay
/// after the other.
/// </summary>
/// <remarks>One thread for all connections, in ppoll(2), that wakes on time to some 10 µs. TLS passes through untouched.</remarks>
internal sealed class FlightProxy : IDisposable
{
    private static readonly TimeSpan LookUp = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly int _serverPort;
    private readonly Lock _lock = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<DelayedLink> _links = []; // the thread's own
    private readonly Thread _thread;
    private KernelCalls.PollDescriptor[] _descriptors = new KernelCalls.PollDescriptor[16];
    private List<FlightCounter> _counters = [];
    private long _delayTicks;
    private volatile bool _stopped;

    /// <summary>Listens on a free port of 127.0.0.1.</summary>
    /// <param name="serverPort">Where the server listens on it.</param>
    /// <param name="time">The clock.</param>
    public FlightProxy(int serverPort, TimeProvider time)
    {
        (_serverPort, _time) = (serverPort, time);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _thread = new Thread(Run) { IsBackground = true, Name = "flight proxy" };
        _thread.Start();
    }

    /// <summary>Where clients connect.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>What each flight of a connection from now on takes longer; the first one twice, for TCP's own comes before it.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Forgets the connections so far.</summary>
    public void Forget()
    {
        lock (_lock) _counters = [];
    }

    /// <summary>The flights of all connections since <see cref="Forget"/> that began before a moment, by connection in order.</summary>
    /// <param name="until">A timestamp, such as that of the first answer.</param>
    public IReadOnlyList<WireConnection> FlightsUntil(long until)
    {
        lock (_lock) return [.. _counters.Select(counter => new WireConnection(counter.OpenedAt, [.. counter.Flights.Where(flight => flight.SentAt <= until)]))];
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        foreach (DelayedLink link in _links) link.Dispose();
        _listener.Dispose();
    }

    private void Run()
    {
        KernelCalls.WakeOnTime();
        while (!_stopped)
        {
            int count = (_links.Count * 2) + 1;
            if (count > _descriptors.Length) Array.Resize(ref _descriptors, count * 2);
            Set(0, (int)_listener.Handle);
            TimeSpan patience = LookUp;
            long now = _time.GetTimestamp();
            for (int index = 0; index < _links.Count; index++)
            {
                DelayedLink link = _links[index];
                Set((index * 2) + 1, link.ClientDescriptor);
                Set((index * 2) + 2, link.ServerDescriptor);
                if (link.NextDue is { } due && _time.GetElapsedTime(now, due) is var wait && wait < patience) patience = wait;
            }

            KernelCalls.Poll(_descriptors.AsSpan(0, count), patience);
            lock (_lock) Move();
        }
    }

    private void Move()
    {
        // From the last: one that has ended goes out of the list.
        for (int index = _links.Count - 1; index >= 0; index--)
        {
            DelayedLink link = _links[index];
            if (_descriptors[(index * 2) + 1].ReturnedEvents != 0) link.ReadClient();
            link.DeliverDue();
            if (_descriptors[(index * 2) + 2].ReturnedEvents != 0) link.ReadServer();
            if (!link.HasEnded) continue;
            link.Dispose();
            _links.RemoveAt(index);
        }

        if (_descriptors[0].ReturnedEvents == 0) return;
        Socket client = _listener.Accept();
        var counter = new FlightCounter(_time.GetTimestamp());
        try
        {
            _links.Add(new DelayedLink(client, _serverPort, Delay, counter, _time));
            _counters.Add(counter);
        }
        catch (SocketException)
        {
            client.Close(0); // the server refuses: so does its network
        }
    }

    private void Set(int index, int descriptor) => _descriptors[index] = new KernelCalls.PollDescriptor { Descriptor = descriptor, Events = KernelCalls.PollIn };
}
