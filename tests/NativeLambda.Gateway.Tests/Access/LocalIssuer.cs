using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace NativeLambda.Gateway.Tests.Access;

/// <summary>An OpenID Connect issuer on loopback: its discovery document, its keys, and tokens that are signed by hand.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, RSA> _keys = [];

    private LocalIssuer(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.First();

    /// <summary>Whether it answers with an error.</summary>
    public bool IsDown { get; set; }

    /// <summary>What its document says that it is; null for the truth.</summary>
    public string? Pretended { get; set; }

    /// <summary>How often its keys were asked for.</summary>
    public int Readings { get; private set; }

    public static async Task<LocalIssuer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var issuer = new LocalIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        issuer.AddKey("first");
        return issuer;
    }

    public void AddKey(string id) => _keys.Add(id, RSA.Create(2048));

    public void RemoveKey(string id)
    {
        _keys.Remove(id, out RSA? key);
        key!.Dispose();
    }

    public RSA Key(string id) => _keys[id];

    /// <summary>Claims that are in order for a while.</summary>
    public JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = "shop",
        ["sub"] = "alice",
        ["iat"] = now.ToUnixTimeSeconds(),
        ["nbf"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.ToUnixTimeSeconds() + 600,
    };

    /// <summary>A token, signed with a key of the issuer.</summary>
    public string Sign(JsonObject claims, string id = "first", string algorithm = "RS256") => Write(
        new JsonObject { ["alg"] = algorithm, ["kid"] = id, ["typ"] = "JWT" }, claims, data => _keys[id].SignData(
            data,
            algorithm.EndsWith("512", StringComparison.Ordinal) ? HashAlgorithmName.SHA512 : algorithm.EndsWith("384", StringComparison.Ordinal) ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256,
            algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

    /// <summary>A token with any header and any signature.</summary>
    public static string Write(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        string text = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Encode(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (RSA key in _keys.Values) key.Dispose();
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private Task AnswerAsync(HttpContext context)
    {
        if (IsDown)
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        }
        if (context.Request.Path == "/.well-known/openid-configuration")
            return context.Response.WriteAsync(new JsonObject { ["issuer"] = Pretended ?? Issuer, ["jwks_uri"] = $"{Issuer}/keys" }.ToJsonString());
        Readings++;
        var keys = new JsonArray([.. _keys.Select(static pair => (JsonNode)Describe(pair.Key, pair.Value))]);
        keys.Add(new JsonObject { ["kty"] = "oct", ["kid"] = "secret", ["k"] = Encode("0123456789abcdef0123456789abcdef"u8.ToArray()) });
        return context.Response.WriteAsync(new JsonObject { ["keys"] = keys }.ToJsonString());
    }

    private static JsonObject Describe(string id, RSA key)
    {
        RSAParameters parameters = key.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = id, ["n"] = Encode(parameters.Modulus!), ["e"] = Encode(parameters.Exponent!) };
    }
}
