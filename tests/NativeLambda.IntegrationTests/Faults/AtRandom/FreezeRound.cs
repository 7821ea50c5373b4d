namespace NativeLambda.IntegrationTests.Faults.AtRandom;

/// <summary>One freeze and what came of it.</summary>
/// <param name="Fault">What was done meanwhile.</param>
/// <param name="Status">The answer of the invocation that thawed the environment.</param>
/// <param name="Took">From the call to the answer, as its caller measures it.</param>
/// <param name="Opens">How many connections that invocation has opened.</param>
/// <param name="NeedlessOpen">Whether the invocation after it, which met no fault, has opened one: its ping took too long.</param>
internal readonly record struct FreezeRound(FreezeFault Fault, int Status, TimeSpan Took, int Opens, bool NeedlessOpen);
