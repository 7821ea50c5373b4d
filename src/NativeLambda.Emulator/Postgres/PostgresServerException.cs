namespace NativeLambda.Emulator.Postgres;

/// <summary>The embedded server could not be found, made or started; the message says what to do and quotes its log.</summary>
public sealed class PostgresServerException : Exception
{
    internal PostgresServerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
