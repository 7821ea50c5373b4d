using System.Runtime.InteropServices;

namespace NativeLambda.Gateway.Operation.Draining;

/// <summary>SIGTERM and SIGINT: the first asks for the end in order, the second for the end at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new(), _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    private StopSignals() => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take), PosixSignalRegistration.Create(PosixSignal.SIGINT, Take)];

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Fires at the second.</summary>
    public CancellationToken Hurry => _hurry.Token;

    /// <summary>What a shell calls the end by the signal that came last: 143 or 130; 0 as long as none came.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Listens from now on.</summary>
    public static StopSignals Listen() => new();

    /// <summary>Leaves signals to the system again.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true; // the end is ours to make
        ExitCode = context.Signal == PosixSignal.SIGINT ? 130 : 143;
        (Interlocked.Increment(ref _signals) == 1 ? _stop : _hurry).Cancel();
    }
}
