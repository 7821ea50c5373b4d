namespace NativeLambda.Emulator;

/// <summary>The Init phase of an environment that was started ahead of any invocation failed.</summary>
public sealed class InitFailedException : Exception
{
    internal InitFailedException(string errorType, string payload) : base($"{errorType}: {payload}")
    {
        ErrorType = errorType;
        Payload = payload;
    }

    /// <summary>The error's type.</summary>
    public string ErrorType { get; }

    /// <summary>What a caller would have got, JSON.</summary>
    public string Payload { get; }
}
