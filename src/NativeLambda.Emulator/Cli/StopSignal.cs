using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Cli;

/// <summary>
/// Ctrl-C, SIGTERM or a hang-up of the terminal: the wish to end in order. The second Ctrl-C or SIGTERM ends the process at once; the
/// watchdog then ends what it has started.
/// </summary>
/// <remarks>
/// A hang-up counts with neither: it comes by itself after one of them, when a Ctrl-C has also ended the shell that holds the terminal,
/// or from systemd's <c>SendSIGHUP=</c>, and nobody has asked twice.
/// </remarks>
internal sealed class StopSignal : IDisposable
{
    /// <summary>What a shell calls the end by Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    private StopSignal(CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Listens from now on.</summary>
    /// <param name="cancellation">Another wish to end.</param>
    public static StopSignal Listen(CancellationToken cancellation = default) => new(cancellation);

    /// <summary>Leaves signals to the system again.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // the end is ours to make: environments first
        if (context.Signal == PosixSignal.SIGHUP || Interlocked.Increment(ref _signals) == 1) _stop.Cancel();
        else Environment.Exit(ExitCode);
    }
}
