using System.Globalization;
using System.Text.Json;
using NativeLambda.Gateway.Lambda.Credentials;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>Reads an answer that is no success.</summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors">Lambda, Invoke, errors</see>.</remarks>
internal static class ErrorAnswer
{
    /// <summary>The most of a body that is read.</summary>
    public const int MaxBody = 16 * 1024;

    private const int MaxMessage = 500;

    /// <summary>The exception for it.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="keys">What the request was signed with, so that no message repeats it.</param>
    /// <param name="now">The time, for a date in <c>Retry-After</c>.</param>
    public static Exception Read(InvokeAnswer answer, AwsKeys keys, DateTimeOffset now)
    {
        (string? bodyType, string? message, string? reason) = ReadBody(answer.Body);
        string? type = NameOf(answer.ErrorType) ?? NameOf(bodyType);
        if (type is null || answer.Status < 400)
            return new LambdaUnreachableException($"The endpoint of Lambda answered {answer.Status}, which is no answer of Lambda. Is the endpoint right?");
        return new LambdaRefusedException(
            answer.Status, type, Clean(message ?? "", keys), ReadRetryAfter(answer.RetryAfter, now), reason is null ? null : Clean(reason, keys));
    }

    /// <summary>Whether the keys were refused, which newer ones may help against.</summary>
    public static bool IsOfKeys(string errorType) =>
        errorType is "ExpiredTokenException" or "ExpiredToken" or "UnrecognizedClientException" or "InvalidClientTokenId" or "TokenRefreshRequired";

    /// <summary>How long to wait: seconds, or a date.</summary>
    internal static TimeSpan? ReadRetryAfter(string? value, DateTimeOffset now)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)) return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }

    /// <summary>Without the namespace before it and the address behind it: <c>ns#Name:http://…</c>.</summary>
    private static string? NameOf(string? type)
    {
        if (type is null) return null;
        ReadOnlySpan<char> name = type.AsSpan()[(type.IndexOf('#', StringComparison.Ordinal) + 1)..];
        if (name.IndexOf(':') is >= 0 and var colon) name = name[..colon];
        name = name.Trim();
        if (name.Length is 0 or > 100) return null;
        foreach (char character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_')) return null;
        }
        return name.ToString();
    }

    private static (string? Type, string? Message, string? Reason) ReadBody(ReadOnlySpan<byte> body)
    {
        string? type = null, message = null, reason = null;
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!reader.Read()) break;
                string? value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
                if (name == "__type") type = value;
                else if (name is "message" or "Message") message = value;
                else if (name == "Reason") reason = value;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What stood before the mistake is kept: the body of an error may be cut.
        }
        return (type, message, reason);
    }

    /// <summary>One line, without what quotes the request: a wrong signature is answered with all that should have been signed.</summary>
    private static string Clean(string message, AwsKeys keys)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        string line = end < 0 ? message : message[..end];
        line = keys.Redact(line);
        return line.Length <= MaxMessage ? line : line[..MaxMessage] + "…";
    }
}
