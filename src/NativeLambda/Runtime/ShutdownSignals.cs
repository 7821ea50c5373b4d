namespace NativeLambda.Runtime;

/// <summary>How the Shutdown phase reaches an invocation. The default never does.</summary>
/// <param name="Begun">SIGTERM has come: no further invocation, and the handler is cancelled.</param>
/// <param name="HandlersLeft">A handler that still runs is left behind: there is no more time for it.</param>
internal readonly record struct ShutdownSignals(CancellationToken Begun, CancellationToken HandlersLeft);
