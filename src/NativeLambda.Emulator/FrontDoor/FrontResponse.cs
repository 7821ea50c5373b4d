namespace NativeLambda.Emulator.FrontDoor;

/// <summary>The HTTP response that a function's payload stands for.</summary>
/// <param name="StatusCode">100 to 599.</param>
/// <param name="Headers">The function's headers, without those that belong to the connection.</param>
/// <param name="Cookies">One <c>Set-Cookie</c> each.</param>
/// <param name="Body">The body, decoded.</param>
internal sealed record FrontResponse(
    int StatusCode, IReadOnlyList<KeyValuePair<string, string>> Headers, IReadOnlyList<string> Cookies, ReadOnlyMemory<byte> Body)
{
    /// <summary>What the caller gets for a function that fails or whose payload makes no sense.</summary>
    public static FrontResponse BadGateway { get; } = OfMessage(502, "Internal Server Error");

    /// <summary>A response of the front itself.</summary>
    public static FrontResponse OfMessage(int statusCode, string message) => new(
        statusCode, [new("content-type", "application/json")], [],
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["message"] = message }));
}
