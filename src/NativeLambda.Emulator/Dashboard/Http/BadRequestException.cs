namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>The body of a control is not as it should be; the message says what should be.</summary>
internal sealed class BadRequestException(string message) : Exception(message);
