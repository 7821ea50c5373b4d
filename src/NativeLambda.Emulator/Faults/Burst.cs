namespace NativeLambda.Emulator.Faults;

/// <summary>Bytes that went one way without an answer in between.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Timestamp">When the first of them passed, as TimeProvider.GetTimestamp counts.</param>
public sealed record Burst(TrafficDirection Direction, long Bytes, long Timestamp);
