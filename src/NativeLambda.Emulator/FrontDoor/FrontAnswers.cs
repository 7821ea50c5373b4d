using System.Text.Json;
using NativeLambda.Payloads;

namespace NativeLambda.Emulator.FrontDoor;

/// <summary>Responses of the front itself.</summary>
internal static class FrontAnswers
{
    /// <summary>What the caller gets for a function that fails or whose payload makes no sense.</summary>
    public static ProxyResponse BadGateway { get; } = OfMessage(502, "Internal Server Error");

    /// <summary>A response with a message.</summary>
    public static ProxyResponse OfMessage(int statusCode, string message) => new(
        statusCode, [new("content-type", "application/json")], [],
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["message"] = message }));
}
