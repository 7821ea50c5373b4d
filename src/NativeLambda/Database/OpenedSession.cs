namespace NativeLambda.Database;

/// <summary>A session that was just opened, and what that took.</summary>
/// <param name="Session">The session.</param>
/// <param name="Duration">From the first attempt to success, the waits between attempts included.</param>
/// <param name="WasRefused">Whether the server had no slot for it at first.</param>
/// <param name="Attempts">How many attempts it took.</param>
internal readonly record struct OpenedSession(ISession Session, TimeSpan Duration, bool WasRefused, int Attempts);
