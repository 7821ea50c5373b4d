namespace NativeLambda.Emulator.Dashboard;

/// <summary>A control cannot be carried out as things are; the message says why.</summary>
internal sealed class ControlException(string message, Exception? cause = null) : Exception(message, cause);
