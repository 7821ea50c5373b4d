namespace NativeLambda.Gateway.Lambda.Signing;

/// <summary>A header that a signature covers.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Value">Its value, as it is sent.</param>
internal readonly record struct SignedHeader(string Name, string Value);
