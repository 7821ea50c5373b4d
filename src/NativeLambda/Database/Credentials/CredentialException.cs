namespace NativeLambda.Database.Credentials;

/// <summary>A source has no password to give. The message names the source and what to do, and never holds what is secret.</summary>
internal sealed class CredentialException(string message, bool isTransient = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the reason can pass by itself.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>
    /// Whether the source has waited already as long as is reasonable, so that this open ends here: in Init the environment then
    /// starts without a database, and the first invocation opens.
    /// </summary>
    public bool EndsOpen { get; init; }
}
