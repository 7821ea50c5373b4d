namespace NativeLambda.Gateway.Access.Keys;

/// <summary>Where an API key comes from: exactly one of the three.</summary>
/// <param name="Name">What routes and the access log call it; it is no secret.</param>
/// <param name="Sha256">The SHA-256 of the key's UTF-8 bytes, as 64 hexadecimal digits.</param>
/// <param name="Variable">The environment variable that holds the key.</param>
/// <param name="File">The path of the file that holds the key; a line break at its end is no part of it.</param>
internal sealed record ApiKeySource(string Name, string? Sha256 = null, string? Variable = null, string? File = null);
