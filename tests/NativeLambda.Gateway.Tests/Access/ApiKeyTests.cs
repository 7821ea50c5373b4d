using System.Security.Cryptography;
using System.Text;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Access.Keys;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Key = "k-0123456789-0123456789", Other = "k-abcdefghij-abcdefghij", FromFile = "k-file-file-file-file-1";

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static AccessOptions Options(string file) => new()
    {
        ApiKeys = [new("partner", Sha256: Hash(Key)), new("shop", Variable: "SHOP_KEY"), new("batch", File: file)],
    };

    private static async Task<PipelineHost> StartAsync(RouteAccessOptions route)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, FromFile + "\n");
        try
        {
            var services = new AccessServices(new HttpClient(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)
            {
                Variable = static name => name == "SHOP_KEY" ? Other : null,
            };
            return await AccessPipeline.StartAsync(Options(file), [PipelineHost.Route("GET", "/", route), PipelineHost.Route("GET", "/open", RouteAccessOptions.Open)], services: services);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(Key, "partner")]
    [InlineData(Other, "shop")]
    [InlineData(FromFile, "batch")]
    public async Task Every_key_opens_a_route_that_names_none(string key, string name)
    {
        await using PipelineHost host = await StartAsync(new RouteAccessOptions { ApiKeys = [] });
        using HttpResponseMessage response = await host.SendAsync("GET", "/", ("x-api-key", key));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(name, host.Last!.ApiKey);
    }

    [Fact]
    public async Task Without_a_key_of_the_route_it_is_forbidden()
    {
        await using PipelineHost host = await StartAsync(new RouteAccessOptions { ApiKeys = ["partner"] });
        (string, string)[][] wrong =
        [
            [], [("x-api-key", "")], [("x-api-key", Other)], [("x-api-key", Key + "x")], [("x-api-key", Hash(Key))],
            [("x-api-key", Key), ("x-api-key", Key)], [("x-api-key", new string('k', 2000))], [("Authorization", Key)],
        ];
        foreach ((string, string)[] headers in wrong)
        {
            using HttpResponseMessage response = await host.SendAsync("GET", "/", headers);
            await Answer.IsAsync(response, 403, "Forbidden");
            Assert.Equal("api_key", host.Last!.Error);
            Assert.Null(host.Last.ApiKey);
        }
        Assert.Equal(0, host.Calls);
        using HttpResponseMessage right = await host.SendAsync("GET", "/", ("X-API-KEY", Key));
        Assert.Equal(200, (int)right.StatusCode);
        using HttpResponseMessage open = await host.SendAsync("GET", "/open");
        Assert.Equal(200, (int)open.StatusCode);
    }

    [Theory]
    [InlineData("sha256", "12", null, null, "apiKeys[0].sha256")]
    [InlineData("short key", null, "SHORT", null, "apiKeys[0].variable")]
    [InlineData("no variable", null, "NONE", null, "apiKeys[0].variable")]
    [InlineData("no file", null, null, "/nowhere/at/all", "apiKeys[0].file")]
    [InlineData("two sources", null, "GOOD", "/nowhere", "apiKeys[0]")]
    [InlineData("no source", null, null, null, "apiKeys[0]")]
    public void A_key_that_cannot_be_had_is_refused_and_not_told(string name, string? sha256, string? variable, string? file, string option)
    {
        var exception = Assert.Throws<AccessOptionsException>(() => ApiKeys.Load(
            [new(name, sha256, variable, file)], static wanted => wanted switch { "SHORT" => "s3cret", "GOOD" => Key, _ => null }));
        Assert.Equal(option, exception.Option);
        Assert.DoesNotContain("s3cret", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_that_names_a_key_that_is_not_there_is_refused()
    {
        var access = new AccessOptions { ApiKeys = [new("partner", Sha256: Hash(Key))] };
        AssertRefused(access, new RouteAccessOptions { ApiKeys = ["other"] }, "no API key of the name \"other\" (route GET /)");
        AssertRefused(new AccessOptions(), new RouteAccessOptions { ApiKeys = [] }, "there is none");
        AssertRefused(access with { ApiKeys = [.. access.ApiKeys, .. access.ApiKeys] }, RouteAccessOptions.Open, "another key of the name");
        AssertRefused(access, new RouteAccessOptions { Authorizer = "x" }, "no authorizer of the name \"x\"");
        AssertRefused(access, new RouteAccessOptions { Scopes = ["x"] }, "only an authorizer can check scopes");

        static void AssertRefused(AccessOptions options, RouteAccessOptions route, string reason)
        {
            using var services = AccessServices.Create(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            var exception = Assert.Throws<AccessOptionsException>(() => AccessControl.Create(options, [PipelineHost.Route("GET", "/", route)], services));
            Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        }
    }
}
