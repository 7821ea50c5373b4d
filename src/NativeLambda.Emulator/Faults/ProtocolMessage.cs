namespace NativeLambda.Emulator.Faults;

/// <summary>A message of PostgreSQL's protocol, version 3, as it passed in plain text.</summary>
/// <param name="Direction">Who sent it; the same letter means different things in the two directions.</param>
/// <param name="Type">
/// Its letter (to the server Q query, P parse, B bind, D describe, E execute, S sync, C close, X terminate; to the client Z ready, C
/// complete, E error, …), or <c>SSLRequest</c>, <c>GSSENCRequest</c>, <c>CancelRequest</c>, <c>StartupMessage</c>.
/// </param>
/// <param name="Text">SQL of Q and P, tag of C and transaction status of Z to the client, SQLSTATE of E to the client; else null.</param>
public sealed record ProtocolMessage(TrafficDirection Direction, string Type, string? Text = null);
