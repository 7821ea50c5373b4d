namespace NativeLambda.Payloads;

/// <summary>The HTTP response that a function's result stands for.</summary>
/// <param name="StatusCode">200 to 599.</param>
/// <param name="Headers">The function's headers in their order, without those that belong to the connection; a name may occur more than once.</param>
/// <param name="Cookies">One <c>Set-Cookie</c> each.</param>
/// <param name="Body">The body, decoded.</param>
public sealed record ProxyResponse(
    int StatusCode, IReadOnlyList<KeyValuePair<string, string>> Headers, IReadOnlyList<string> Cookies, ReadOnlyMemory<byte> Body);
