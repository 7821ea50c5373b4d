using System.Security.Cryptography;
using System.Text;

namespace NativeLambda.Gateway.Access.Keys;

/// <summary>
/// API keys, as hashes. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html">API Gateway, Usage plans and
/// API keys for REST APIs</see>; HTTP APIs have none.
/// </summary>
/// <remarks>A plain hash is enough for what a machine chose and nobody can guess; it would not be for a password.</remarks>
internal sealed class ApiKeys
{
    /// <summary>API Gateway's own bounds of a key.</summary>
    public const int MinLength = 20, MaxLength = 128;

    private readonly KeyValuePair<string, byte[]>[] _keys;

    private ApiKeys(KeyValuePair<string, byte[]>[] keys) => _keys = keys;

    /// <summary>Reads the keys.</summary>
    /// <param name="sources">Where they are.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <exception cref="AccessOptionsException">A key cannot be had, or two have one name; it says nothing of a key's value.</exception>
    public static ApiKeys Load(IReadOnlyList<ApiKeySource> sources, Func<string, string?> variable)
    {
        var keys = new KeyValuePair<string, byte[]>[sources.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            string option = $"apiKeys[{i}]";
            if (Array.Exists(keys[..i], key => key.Key == sources[i].Name))
                throw new AccessOptionsException($"{option}.name", $"there is another key of the name \"{sources[i].Name}\"");
            keys[i] = new(sources[i].Name, Hash(sources[i], option, variable));
        }
        return new ApiKeys(keys);
    }

    /// <summary>Those of some names.</summary>
    /// <param name="names">The names; none for all keys.</param>
    /// <exception cref="AccessOptionsException">There is no key of a name, or none at all.</exception>
    public ApiKeys Select(IReadOnlyList<string> names)
    {
        if (_keys.Length == 0) throw new AccessOptionsException("apiKeys", "a route asks for an API key and there is none: add one");
        for (int i = 0; i < names.Count; i++)
            if (!Array.Exists(_keys, key => key.Key == names[i]))
                throw new AccessOptionsException($"apiKeys[{i}]", $"there is no API key of the name \"{names[i]}\"");
        return names.Count == 0 ? this : new ApiKeys([.. _keys.Where(key => names.Contains(key.Key))]);
    }

    /// <summary>The name of the key that was given; null when it is none of these.</summary>
    public string? Find(string? given)
    {
        if (given is null || given.Length is < 1 or > 4 * MaxLength) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(given), hash);
        string? found = null;
        // All of them, whichever it is: the time tells nothing.
        foreach ((string name, byte[] expected) in _keys)
            if (CryptographicOperations.FixedTimeEquals(hash, expected)) found = name;
        return found;
    }

    private static byte[] Hash(ApiKeySource source, string option, Func<string, string?> variable)
    {
        if (new[] { source.Sha256, source.Variable, source.File }.Count(static given => given is not null) != 1)
            throw new AccessOptionsException(option, "give exactly one of sha256, variable and file");
        if (source.Sha256 is { } digits)
            return digits.Length == 2 * SHA256.HashSizeInBytes && digits.All(char.IsAsciiHexDigit)
                ? Convert.FromHexString(digits)
                : throw new AccessOptionsException($"{option}.sha256", "must be 64 hexadecimal digits: printf %s \"$KEY\" | sha256sum");
        return SHA256.HashData(Encoding.UTF8.GetBytes(source.Variable is { } name
            ? Checked(variable(name), $"{option}.variable", $"the environment variable {name}")
            : Checked(Read(source.File!, $"{option}.file"), $"{option}.file", $"the file {source.File}")));
    }

    private static string Checked(string? key, string option, string where) =>
        string.IsNullOrEmpty(key) ? throw new AccessOptionsException(option, $"{where} holds no key")
        : key.Length is < MinLength or > MaxLength
            ? throw new AccessOptionsException(option, $"the key in {where} must have {MinLength} to {MaxLength} characters, as in API Gateway")
        : key;

    private static string Read(string path, string option)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AccessOptionsException(option, $"the key cannot be read: {exception.Message}");
        }
    }
}
