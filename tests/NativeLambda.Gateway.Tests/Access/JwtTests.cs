using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Jwt;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Access;

/// <summary>The authorizer, with an issuer that is really asked.</summary>
public sealed class JwtTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private LocalIssuer _issuer = null!;
    private PipelineHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await LocalIssuer.StartAsync();
        var authorizer = new JwtAuthorizerOptions { Name = "users", Issuer = new Uri(_issuer.Issuer), Audiences = ["shop", "mobile"], ClockSkew = TimeSpan.FromSeconds(10) };
        _host = await AccessPipeline.StartAsync(
            new AccessOptions { Authorizers = [authorizer, authorizer with { Name = "query", IdentitySource = "$request.querystring.token" }] },
            [
                PipelineHost.Route("GET", "/", new RouteAccessOptions { Authorizer = "users" }),
                PipelineHost.Route("GET", "/scoped", new RouteAccessOptions { Authorizer = "users", Scopes = ["products.write", "admin"] }),
                PipelineHost.Route("GET", "/query", new RouteAccessOptions { Authorizer = "query" }),
            ],
            services: AccessServices.Create(_clock, NullLogger.Instance));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    private JsonObject Claims => _issuer.Claims(_clock.GetUtcNow());

    private Task<HttpResponseMessage> AskAsync(string token, string path = "/") => _host.SendAsync("GET", path, ("Authorization", token));

    private async Task AssertRefusedAsync(string token, string description)
    {
        using HttpResponseMessage response = await AskAsync(token);
        await Answer.IsAsync(response, 401, "Unauthorized");
        Assert.Equal($"Bearer scope=\"\" error=\"invalid_token\" error_description=\"{description}\"", response.Header("WWW-Authenticate"));
        Assert.Equal("token_invalid", _host.Last!.Error);
        Assert.Equal(0, _host.Calls);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    public async Task A_token_of_the_issuer_opens_the_route(string algorithm)
    {
        string token = _issuer.Sign(Claims, algorithm: algorithm);
        foreach (string value in new[] { token, $"Bearer {token}", $"bearer {token}" })
            using (HttpResponseMessage response = await AskAsync(value))
                Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(3, _host.Calls);
        Assert.Equal("alice", _host.Jwt!.Claims["sub"]);
        Assert.Null(_host.Jwt.Scopes);
        Assert.Equal(1, _issuer.Readings);
    }

    [Fact]
    public async Task The_claims_stand_as_API_Gateway_prints_them()
    {
        JsonObject claims = Claims;
        claims["groups"] = new JsonArray("admin", "users");
        claims["verified"] = true;
        claims["address"] = new JsonObject { ["zip"] = "1", ["city"] = "Bern" };
        claims["nothing"] = null;
        (await AskAsync(_issuer.Sign(claims))).Dispose();
        IReadOnlyDictionary<string, string> texts = _host.Jwt!.Claims;
        Assert.Equal("[admin users]", texts["groups"]);
        Assert.Equal("true", texts["verified"]);
        Assert.Equal("map[city:Bern zip:1]", texts["address"]);
        Assert.Equal("<nil>", texts["nothing"]);
        Assert.Equal(claims["exp"]!.ToString(), texts["exp"]);
    }

    [Fact]
    public async Task Without_a_token_it_is_401_and_no_error_is_named()
    {
        using HttpResponseMessage response = await _host.SendAsync("GET", "/");
        await Answer.IsAsync(response, 401, "Unauthorized");
        Assert.Equal("Bearer", response.Header("WWW-Authenticate"));
        Assert.Equal("token_missing", _host.Last!.Error);
    }

    [Fact]
    public async Task Times_are_those_of_the_gateway_s_clock_with_the_skew_that_is_allowed()
    {
        string token = _issuer.Sign(Claims);
        _clock.Advance(TimeSpan.FromSeconds(609));
        using (HttpResponseMessage within = await AskAsync(token)) Assert.Equal(200, (int)within.StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(1));
        using (HttpResponseMessage over = await AskAsync(token))
        {
            await Answer.IsAsync(over, 401, "Unauthorized");
            Assert.Contains("the token has expired", over.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("exp", null, "the token has no valid expiry")]
    [InlineData("exp", "soon", "the token is malformed")]
    [InlineData("nbf", 11, "the token is not valid yet")]
    [InlineData("iat", 11, "the token was issued in the future")]
    [InlineData("aud", "other", "the token does not have a valid audience")]
    [InlineData("aud", null, "the token does not have a valid audience")]
    [InlineData("iss", "https://evil.test", "the token does not have the valid issuer")]
    public async Task A_claim_that_is_not_right_is_named(string claim, object? value, string description)
    {
        JsonObject claims = Claims;
        claims[claim] = value is int seconds ? _clock.GetUtcNow().ToUnixTimeSeconds() + seconds : value is null ? null : JsonValue.Create((string)value);
        if (value is null) claims.Remove(claim);
        await AssertRefusedAsync(_issuer.Sign(claims), description);
    }

    [Fact]
    public async Task The_client_stands_for_the_audience_only_where_there_is_none()
    {
        JsonObject claims = Claims;
        claims["client_id"] = "mobile";
        claims["aud"] = "other";
        await AssertRefusedAsync(_issuer.Sign(claims), "the token does not have a valid audience");
        claims.Remove("aud");
        using HttpResponseMessage response = await AskAsync(_issuer.Sign(claims));
        Assert.Equal(200, (int)response.StatusCode);
        claims["aud"] = new JsonArray("other", "mobile");
        using HttpResponseMessage many = await AskAsync(_issuer.Sign(claims));
        Assert.Equal(200, (int)many.StatusCode);
    }

    [Fact]
    public async Task No_algorithm_but_RSA_is_taken()
    {
        const string NotSupported = "the algorithm of the token is not supported";
        JsonObject claims = Claims;
        await AssertRefusedAsync(LocalIssuer.Write(new() { ["alg"] = "none", ["kid"] = "first" }, claims, static _ => []), NotSupported);
        await AssertRefusedAsync(LocalIssuer.Write(new() { ["alg"] = "None", ["kid"] = "first" }, claims, static _ => []), NotSupported);
        // The public key, which everyone has, taken for a secret: in the forms that it has been confused in.
        foreach (byte[] secret in new[]
        {
            _issuer.Key("first").ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(_issuer.Key("first").ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(_issuer.Key("first").ExportSubjectPublicKeyInfoPem() + "\n"),
            _issuer.Key("first").ExportParameters(false).Modulus!,
        })
            await AssertRefusedAsync(LocalIssuer.Write(new() { ["alg"] = "HS256", ["kid"] = "first" }, claims, data => HMACSHA256.HashData(secret, data)), NotSupported);
        // A symmetric key that the issuer itself published by mistake.
        await AssertRefusedAsync(
            LocalIssuer.Write(new() { ["alg"] = "HS256", ["kid"] = "secret" }, claims, static data => HMACSHA256.HashData("0123456789abcdef0123456789abcdef"u8, data)), NotSupported);
        await AssertRefusedAsync(LocalIssuer.Write(new() { ["alg"] = "RS256", ["kid"] = "secret" }, claims, static _ => new byte[256]), "the key of the token is unknown");
    }

    [Fact]
    public async Task What_was_not_signed_by_the_key_that_it_names_is_refused()
    {
        using var foreign = RSA.Create(2048);
        JsonObject claims = Claims, header = new() { ["alg"] = "RS256", ["kid"] = "first" };
        await AssertRefusedAsync(
            LocalIssuer.Write(header, claims, data => foreign.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), "the signature of the token is invalid");
        string[] parts = _issuer.Sign(claims).Split('.');
        await AssertRefusedAsync($"{parts[0]}.{parts[1]}.", "the signature of the token is invalid");
        claims["sub"] = "root";
        await AssertRefusedAsync($"{parts[0]}.{_issuer.Sign(claims).Split('.')[1]}.{parts[2]}", "the signature of the token is invalid");
        // A key that the token brings along is nobody's.
        header["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = Convert.ToBase64String(foreign.ExportParameters(false).Modulus!), ["e"] = "AQAB" };
        header.Remove("kid");
        await AssertRefusedAsync(
            LocalIssuer.Write(header, claims, data => foreign.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), "the token names no key");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("Bearer ")]
    [InlineData("....")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("Basic YTpi")]
    public async Task What_is_no_token_is_401(string token)
    {
        using HttpResponseMessage response = await AskAsync(token);
        await Answer.IsAsync(response, 401, "Unauthorized");
    }

    [Theory]
    [InlineData("scope", "openid admin", true)]
    [InlineData("scope", "openid administrator", false)]
    [InlineData("scp", "products.write", true)]
    [InlineData("other", "admin", false)]
    public async Task One_of_the_route_s_scopes_is_enough_and_none_is_403(string claim, string scopes, bool enough)
    {
        JsonObject claims = Claims;
        claims[claim] = scopes;
        using HttpResponseMessage response = await AskAsync(_issuer.Sign(claims), "/scoped");
        if (enough)
        {
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(["products.write", "admin"], _host.Jwt!.Scopes!);
            return;
        }
        await Answer.IsAsync(response, 403, "Forbidden");
        Assert.StartsWith("Bearer scope=\"products.write admin\" error=\"insufficient_scope\"", response.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal("token_scope", _host.Last!.Error);
    }

    [Fact]
    public async Task A_token_may_come_in_the_query_where_the_authorizer_says_so()
    {
        using HttpResponseMessage response = await _host.SendAsync("GET", $"/query?token={_issuer.Sign(Claims)}");
        Assert.Equal(200, (int)response.StatusCode);
        using HttpResponseMessage header = await AskAsync(_issuer.Sign(Claims), "/query");
        Assert.Equal(401, (int)header.StatusCode);
    }
}
