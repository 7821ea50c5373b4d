using System.Text;
using System.Text.Json;

namespace NativeLambda.Database.Credentials;

/// <summary>What a secret says of how to log in.</summary>
/// <param name="User">The role, where the secret names one.</param>
/// <param name="Password">The password.</param>
internal sealed record SecretValue(string? User, string Password)
{
    /// <summary>Reads the answer of the extension, which is that of GetSecretValue.</summary>
    /// <exception cref="CredentialException">It holds no password. The message names the secret and no part of its value.</exception>
    public static SecretValue Read(ReadOnlySpan<byte> answer, string secretId)
    {
        string? text;
        try
        {
            ReadMembers(answer, "SecretString"u8, default, out text, out _);
        }
        catch (JsonException)
        {
            // Not as the inner exception: it quotes what it could not read.
            throw new CredentialException($"what the Secrets extension answered for {secretId} is not JSON");
        }

        if (text is null)
            throw new CredentialException($"the secret {secretId} has no text (SecretString): a binary one is not supported");
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return new SecretValue(null, text);

        string? password, user;
        try
        {
            ReadMembers(Encoding.UTF8.GetBytes(text), "password"u8, "username"u8, out password, out user);
        }
        catch (JsonException)
        {
            // A password may begin with a brace.
            return new SecretValue(null, text);
        }

        return password is null
            ? throw new CredentialException($"the secret {secretId} has no member password that is text")
            : new SecretValue(user, password);
    }

    /// <summary>Shows nothing.</summary>
    public override string ToString() => nameof(SecretValue);

    /// <summary>Two members of an object, where they are strings that are not empty.</summary>
    private static void ReadMembers(ReadOnlySpan<byte> json, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out string? firstValue, out string? secondValue)
    {
        firstValue = secondValue = null;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isFirst = reader.ValueTextEquals(first);
            bool isSecond = !isFirst && !second.IsEmpty && reader.ValueTextEquals(second);
            if (!reader.Read())
                break;
            string? value = (isFirst || isSecond) && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text ? text : null;
            if (isFirst)
                firstValue = value;
            else if (isSecond)
                secondValue = value;
            else
                reader.Skip();
        }

        // To the end: what is cut off or followed by something is not taken for whole.
        while (reader.Read())
        {
        }
    }
}
