using System.Runtime.InteropServices;

namespace NativeLambda.Demo;

/// <summary>Ctrl-C, SIGTERM or a hang-up of the terminal: the wish to end in order, whatever is being done.</summary>
internal sealed class StopSignal : IDisposable
{
    /// <summary>What a shell calls the end by Ctrl-C.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    private StopSignal() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    public CancellationToken Token => _stop.Token;

    public static StopSignal Listen() => new();

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // a second one must not cut the clean-up short
        _stop.Cancel();
    }
}
