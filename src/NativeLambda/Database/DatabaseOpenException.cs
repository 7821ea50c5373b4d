using NativeLambda.Runtime;

namespace NativeLambda.Database;

/// <summary>No connection to the database could be opened.</summary>
public sealed class DatabaseOpenException : InitException
{
    internal DatabaseOpenException(ConnectionSettings connection, OpenFailure failure, int attempts, Exception inner)
        : base(
            failure.IsTransient ? "NativeLambda.DatabaseUnavailable" : "NativeLambda.DatabaseRefused",
            $"Cannot open a connection to PostgreSQL ({connection}) in {attempts} {(attempts == 1 ? "attempt" : "attempts")}: {failure.Reason}.",
            inner) => IsTransient = failure.IsTransient;

    /// <summary>Whether the reason can pass by itself: the server is full, starting, or cannot be reached.</summary>
    public bool IsTransient { get; }
}
