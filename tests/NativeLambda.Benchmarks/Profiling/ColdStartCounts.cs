namespace NativeLambda.Benchmarks.Profiling;

/// <summary>What a cold start costs in figures that do not depend on how fast or how busy the machine is.</summary>
/// <param name="Instructions">From exec to the second <c>next</c>; repeatable to half a percent or so.</param>
/// <param name="Flights">To the database, before the first answer. TCP's own round trip is not among them.</param>
/// <param name="Connections">To the database.</param>
internal sealed record ColdStartCounts(long Instructions, int Flights, int Connections);
