using System.ComponentModel;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>
/// A child process that is measured: leader of a session of its own, its output in a file so that nobody has to read it meanwhile,
/// and killed and reaped by nobody but this.
/// </summary>
internal sealed class MeasuredProcess : IDisposable
{
    private readonly SafeFileHandle _descriptor;
    private readonly string _log;
    private ProcessUsage? _usage;

    private MeasuredProcess(int id, long startedAt, string log)
    {
        Id = id;
        StartedAt = startedAt;
        _log = log;
        _descriptor = new SafeFileHandle(NativeMethods.OpenProcessDescriptor(id), ownsHandle: true);
    }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>The timestamp right before it was started.</summary>
    public long StartedAt { get; }

    /// <summary>A descriptor that can be read once the process has ended.</summary>
    public int Descriptor => (int)_descriptor.DangerousGetHandle();

    /// <summary>What it has used of the processors until now.</summary>
    public TimeSpan CpuTime => KernelCalls.ReadCpuTime(Id);

    /// <summary>Starts a process.</summary>
    /// <param name="request">What to start.</param>
    /// <param name="time">The clock.</param>
    /// <param name="input">Its standard input; empty where there is none.</param>
    /// <exception cref="BenchmarkException">It cannot be started.</exception>
    public static MeasuredProcess Start(SpawnRequest request, TimeProvider time, SafeFileHandle? input = null)
    {
        string log = Path.GetTempFileName();
        try
        {
            using SafeFileHandle output = File.OpenHandle(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            long startedAt = time.GetTimestamp();
            return new MeasuredProcess(Spawner.Start(request, input, output, output), startedAt, log);
        }
        catch (Win32Exception exception)
        {
            File.Delete(log);
            throw new BenchmarkException(exception.Message);
        }
    }

    /// <summary>What it holds now.</summary>
    public ProcessState ReadState()
    {
        (long peak, int threads) = (0, 0);
        foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/status")))
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal)) peak = Number(line) * 1024;
            else if (line.StartsWith("Threads:", StringComparison.Ordinal)) threads = (int)Number(line);
        }

        return new ProcessState(peak, threads);
    }

    /// <summary>Sends a signal; nothing once it was reaped.</summary>
    public void Signal(int signal)
    {
        if (_usage is null) _ = NativeMethods.Kill(Id, signal);
    }

    /// <summary>Sends a signal to it and its children; nothing once it was reaped.</summary>
    public void SignalGroup(int signal)
    {
        if (_usage is null) _ = NativeMethods.Kill(-Id, signal);
    }

    /// <summary>Kills it with its children, and says what it has used.</summary>
    public ProcessUsage End()
    {
        SignalGroup(NativeMethods.SigKill);
        return WaitForEnd();
    }

    /// <summary>Waits until it has ended by itself or by a signal, and says what it has used.</summary>
    public unsafe ProcessUsage WaitForEnd()
    {
        if (_usage is { } known) return known;
        int status;
        KernelCalls.ResourceUsage usage;
        while (KernelCalls.WaitForProcess(Id, &status, 0, &usage) != Id)
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != NativeMethods.ErrorInterrupted) throw new Win32Exception();
        var result = new ProcessUsage(
            usage.User.ToTimeSpan() + usage.System.ToTimeSpan(), usage.MinorFaults, usage.MajorFaults, usage.VoluntarySwitches + usage.InvoluntarySwitches);
        _usage = result;
        return result;
    }

    /// <summary>Waits until it has ended, or so long.</summary>
    /// <returns>Whether it has ended.</returns>
    public bool AwaitEnd(TimeSpan patience)
    {
        KernelCalls.PollDescriptor ended = new() { Descriptor = Descriptor, Events = KernelCalls.PollIn };
        KernelCalls.Poll(new Span<KernelCalls.PollDescriptor>(ref ended), patience);
        return ended.ReturnedEvents != 0;
    }

    /// <summary>The end of what it has written, for messages.</summary>
    public string ReadLog()
    {
        const int Most = 2000;
        string text = File.ReadAllText(_log).Trim();
        return text.Length <= Most ? text : $"…{text[^Most..]}";
    }

    /// <summary>Kills it if it still runs.</summary>
    public void Dispose()
    {
        End();
        _descriptor.Dispose();
        File.Delete(_log);
    }

    private static long Number(string line) =>
        long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
