namespace NativeLambda.Trials.Soak.Planning;

/// <summary>A fault of the plan.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Index">Which of the faults, from 0.</param>
/// <param name="Pause">The time after the end of the last one.</param>
/// <param name="Length">How long it lasts, or how long it waits at most for what it wants to meet; zero for what is done at once.</param>
/// <param name="Choice">Whatever there is to choose, such as which environment: a number from 0 to 999.</param>
internal readonly record struct PlannedFault(FaultKind Kind, int Index, TimeSpan Pause, TimeSpan Length, int Choice);
