namespace NativeLambda.Payloads;

/// <summary>What stands in <c>requestContext.authorizer.jwt</c>.</summary>
/// <param name="Claims">The token's claims; what is no string stands as API Gateway writes it.</param>
/// <param name="Scopes">The scopes that the route asks for; null where it asks for none.</param>
public sealed record JwtIdentity(IReadOnlyDictionary<string, string> Claims, IReadOnlyList<string>? Scopes);
