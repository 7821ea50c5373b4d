namespace NativeLambda.Benchmarks.Wire;

/// <summary>A connection to the server, as it was seen on the wire.</summary>
/// <param name="OpenedAt">The timestamp when it was connected.</param>
/// <param name="Flights">Its flights, in order.</param>
internal sealed record WireConnection(long OpenedAt, IReadOnlyList<Flight> Flights);
