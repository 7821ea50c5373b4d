namespace NativeLambda.Benchmarks.Measuring;

/// <summary>What a process has used in all its life, as the kernel counted it.</summary>
/// <param name="Cpu">User and system time of all threads; exact to the microsecond.</param>
/// <param name="MinorFaults">Page faults that needed no disk.</param>
/// <param name="MajorFaults">Page faults that did: there should be none once the files are cached.</param>
/// <param name="ContextSwitches">How often it gave the processor up or lost it.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long MinorFaults, long MajorFaults, long ContextSwitches);
