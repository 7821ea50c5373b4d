using System.Text.Json;

namespace NativeLambda.Runtime;

/// <summary>
/// The error that the Runtime API puts into the body of a refusal, <c>{"errorMessage","errorType"}</c>. Whatever else is there is
/// tolerated: then nothing is known but the status.
/// </summary>
/// <param name="ErrorType">The type, or <see langword="null"/>.</param>
/// <param name="ErrorMessage">The message, or <see langword="null"/>.</param>
internal readonly record struct RuntimeApiRefusal(string? ErrorType, string? ErrorMessage)
{
    private const int LongestText = 1024;

    /// <summary>Whether the invocation has its answer, or has ended without one.</summary>
    public bool SaysAlreadyAnswered => ErrorType is "InvalidRequestID" or "InvalidStateTransition";

    public static RuntimeApiRefusal Read(ReadOnlySpan<byte> body)
    {
        string? type = null;
        string? message = null;
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return default;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isType = json.ValueTextEquals("errorType"u8);
                bool isMessage = json.ValueTextEquals("errorMessage"u8);
                json.Read();
                if (json.TokenType != JsonTokenType.String)
                    json.Skip();
                else if (isType)
                    type = Shorten(json.GetString());
                else if (isMessage)
                    message = Shorten(json.GetString());
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, cut off by the limit on what is kept of it, or not UTF-8: what was read until there counts.
        }

        return new RuntimeApiRefusal(type, message);
    }

    private static string? Shorten(string? text) => text?.Length > LongestText ? text[..LongestText] : text;
}
