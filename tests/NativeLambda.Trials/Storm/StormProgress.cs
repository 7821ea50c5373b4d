namespace NativeLambda.Trials.Storm;

/// <summary>The storm as it stands, for who watches.</summary>
/// <param name="Contender">Who is in it.</param>
/// <param name="Wave">The wave, from 1.</param>
/// <param name="Answered">Requests of the wave that were answered.</param>
/// <param name="Good">Those answered with 200 or 201.</param>
/// <param name="Frozen">Environments that are frozen.</param>
/// <param name="Backends">The function's sessions.</param>
/// <param name="Elapsed">Since the wave began.</param>
internal readonly record struct StormProgress(string Contender, int Wave, int Answered, int Good, int Frozen, int Backends, TimeSpan Elapsed);
