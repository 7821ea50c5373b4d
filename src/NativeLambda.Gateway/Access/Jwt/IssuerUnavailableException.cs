namespace NativeLambda.Gateway.Access.Jwt;

/// <summary>The keys of an issuer could not be had; the message says why, for the operator.</summary>
internal sealed class IssuerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
