namespace NativeLambda.Emulator.Environments;

/// <summary>Why an Init phase failed.</summary>
/// <param name="Status"><c>error</c> or <c>timeout</c>, as in the INIT_REPORT line.</param>
/// <param name="ErrorType">The type of the error.</param>
/// <param name="Outcome">What a caller gets, given the id of its request.</param>
/// <param name="LogText">The text of the log line that follows "RequestId: … Error: ", where there is one.</param>
internal sealed record InitFailure(string Status, string ErrorType, Func<string, InvocationOutcome> Outcome, string? LogText);
