namespace NativeLambda.Benchmarks.Measuring;

/// <summary>A request of a function to the Runtime API or the Extensions API.</summary>
/// <param name="Route">What it asks for.</param>
/// <param name="Body">Its body.</param>
/// <param name="ReceivedAt">The timestamp when the last of it had come.</param>
internal sealed record RuntimeRequest(RuntimeRoute Route, byte[] Body, long ReceivedAt);
