namespace NativeLambda.Emulator.Dashboard.Backends;

/// <summary>A client's session as the server sees it.</summary>
/// <param name="Pid">Process id of the backend.</param>
/// <param name="ClientPort">The port it came from; nothing with a Unix socket.</param>
/// <param name="ApplicationName">What the client calls itself.</param>
internal readonly record struct BackendSession(int Pid, int? ClientPort, string ApplicationName);
