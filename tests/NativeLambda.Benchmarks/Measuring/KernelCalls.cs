using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NativeLambda.Benchmarks.Measuring;

/// <summary>The calls into the kernel that measuring takes, each with its reason.</summary>
internal static unsafe partial class KernelCalls
{
    internal const short PollIn = 0x001;

    private const int TimerSlack = 29; // PR_SET_TIMERSLACK
    private const int ClockOfProcess = 2; // CPUCLOCK_SCHED: what the scheduler counted, in nanoseconds

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        public long Seconds;
        public long Microseconds;

        public readonly TimeSpan ToTimeSpan() => TimeSpan.FromTicks((Seconds * TimeSpan.TicksPerSecond) + (Microseconds * TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>struct rusage of getrusage(2), whose fields are all of one word's size.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ResourceUsage
    {
        public TimeValue User;
        public TimeValue System;
        public long MaxResidentKilobytes;
        public long SharedText;
        public long UnsharedData;
        public long UnsharedStack;
        public long MinorFaults;
        public long MajorFaults;
        public long Swaps;
        public long BlocksIn;
        public long BlocksOut;
        public long MessagesSent;
        public long MessagesReceived;
        public long Signals;
        public long VoluntarySwitches;
        public long InvoluntarySwitches;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>wait4(2): reaps a child and says what it used; the sum of its times is exact to the microsecond, unlike that in /proc.</summary>
    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    internal static partial int WaitForProcess(int processId, int* status, int options, ResourceUsage* usage);

    /// <summary>What a living process has used of the processors, all its threads together, those that have ended included.</summary>
    /// <exception cref="Win32Exception">There is no such process.</exception>
    internal static TimeSpan ReadCpuTime(int processId)
    {
        // The number that clock_getcpuclockid(3) makes of a process id.
        TimeSpecification time;
        if (GetClock((~processId << 3) | ClockOfProcess, &time) != 0) throw new Win32Exception();
        return ToTimeSpan(time);
    }

    /// <summary>Waits until a descriptor is ready, to the microsecond: poll(2) knows milliseconds only.</summary>
    /// <param name="descriptors">What is waited for.</param>
    /// <param name="patience">How long; nothing for ever.</param>
    internal static void Poll(Span<PollDescriptor> descriptors, TimeSpan? patience)
    {
        TimeSpan wait = patience is { } given && given > TimeSpan.Zero ? given : TimeSpan.Zero;
        var limit = new TimeSpecification
        {
            Seconds = wait.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = wait.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        fixed (PollDescriptor* first = descriptors)
        {
            if (PollPrecisely(first, (nuint)descriptors.Length, patience is null ? null : &limit, null) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw new Win32Exception();
        }
    }

    /// <summary>Lets the calling thread's waits end on time, where the kernel otherwise takes 50 µs to gather wake-ups.</summary>
    internal static void WakeOnTime() => _ = ControlProcess(TimerSlack, 1, 0, 0, 0);

    private const int Interrupted = 4; // EINTR: the caller looks again anyway

    private static TimeSpan ToTimeSpan(TimeSpecification time) =>
        TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetClock(int clock, TimeSpecification* time);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int PollPrecisely(PollDescriptor* descriptors, nuint count, TimeSpecification* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ControlProcess(int option, nuint second, nuint third, nuint fourth, nuint fifth);
}
