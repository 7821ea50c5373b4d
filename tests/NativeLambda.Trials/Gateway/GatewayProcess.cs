using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NativeLambda.Trials.Gateway;

/// <summary>The gateway, or a peer of it, as a process that listens on a port.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(20);

    private const long MillisecondsPerTick = 10; // Linux's, whatever its kernel counts by

    private readonly Process _process;

    private GatewayProcess(Process process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public int Pid => _process.Id;

    /// <summary>Starts it and waits until it takes connections.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="port">Where it will listen.</param>
    /// <param name="environment">Variables besides our own.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public static async Task<GatewayProcess> StartAsync(
        string program, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellation)
    {
        // Its output goes nowhere: a pipe that nobody reads would stop it.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) info.Environment[name] = value;
        Process process = Process.Start(info)!;
        var address = new IPEndPoint(IPAddress.Loopback, port);
        long start = Stopwatch.GetTimestamp();
        while (!await ListensAsync(address, cancellation))
        {
            if (process.HasExited) throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode} at its start.");
            if (Stopwatch.GetElapsedTime(start) > Start) throw new InvalidOperationException($"{program} does not listen on port {port}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
        return new GatewayProcess(process, address);
    }

    /// <summary>Its CPU time: user's and system's, of all threads, those that have ended as well.</summary>
    public TimeSpan CpuTime()
    {
        // The name in parentheses may hold anything; the fields behind it are counted from the third one on.
        string stat = File.ReadAllText($"/proc/{Pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MillisecondsPerTick);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> ListensAsync(IPEndPoint address, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
