namespace NativeLambda.Runtime;

/// <summary>
/// An error as it is reported to the Runtime API: what the caller sees. It never carries a stack trace; that goes to the log.
/// </summary>
/// <param name="ErrorType">
/// A stable name in the form <c>Category.Reason</c>, sent as <c>errorType</c> and as <c>Lambda-Runtime-Function-Error-Type</c>.
/// </param>
/// <param name="ErrorMessage">What happened and what to do about it. Without secrets.</param>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror">Lambda Runtime API, invocation error</see>.
/// </remarks>
public sealed record FunctionError(string ErrorType, string ErrorMessage);
