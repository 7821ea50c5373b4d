using NativeLambda.Emulator.Functions;

namespace NativeLambda.Emulator.Api;

/// <summary>A function as a request has named it.</summary>
/// <param name="Host">The function.</param>
/// <param name="Arn">Its ARN, with the qualifier that the caller used.</param>
internal sealed record InvokedFunction(FunctionHost Host, string Arn);
