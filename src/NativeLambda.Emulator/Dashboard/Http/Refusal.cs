namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>An answer that says no.</summary>
internal sealed record Refusal(int Status, string Error, string Message);
