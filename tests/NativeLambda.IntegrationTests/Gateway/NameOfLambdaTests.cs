using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Failover;
using NativeLambda.IntegrationTests.Fixtures;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Gateway;

/// <summary>The published gateway before a Lambda whose name changes its meaning in the DNS, by a name server of the test's own.</summary>
public sealed class NameOfLambdaTests
{
    private static readonly IPAddress First = IPAddress.Loopback, Second = IPAddress.Parse("127.0.0.2");

    [Theory]
    [InlineData("http1", HttpProtocols.Http1)]
    [InlineData("http2", HttpProtocols.Http2)]
    public async Task A_change_of_the_DNS_is_followed_when_connections_have_lived_their_time_and_by_no_call_that_fails(string protocol, HttpProtocols spoken)
    {
        PrivateResolver.SkipUnlessRoot();
        int port = FreePort.Find();
        await using WebApplication lambda = await StartLambdaAsync(port, spoken);
        await using var names = new NameServer(First);
        using var resolver = new PrivateResolver(GatewayProgram.Required, names);
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""
            {
              "listeners": [ { "url": "http://127.0.0.1:0" } ], "management": false, "accessLog": false,
              "lambda": { "endpoint": "http://lambda.aws.test:{{port}}", "region": "us-east-1", "protocol": "{{protocol}}", "connectionLifetime": 1, "maxRetries": 0 },
              "routes": [ { "route": "$default", "function": "f" } ]
            }
            """);
        using var gateway = new RunningGateway(resolver.Script, "--config", file);
        using var client = new HttpClient { BaseAddress = await gateway.ListeningAsync(), Timeout = Guard };

        Assert.Equal(First.ToString(), await client.GetStringAsync("/"));
        Assert.True(names.Questions > 0);
        names.Says = Second;
        await NativeLambda.IntegrationTests.Fixtures.Eventually.IsAsync(Second.ToString(), () => client.GetStringAsync("/"));

        Assert.Equal(0, await gateway.TerminateAsync());
        File.Delete(file);
    }

    /// <summary>A Lambda at two addresses, whose function says by which one it was called.</summary>
    private static async Task<WebApplication> StartLambdaAsync(int port, HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (IPAddress address in (IPAddress[])[First, Second]) kestrel.Listen(address, port, listen => listen.Protocols = protocols);
        });
        WebApplication lambda = builder.Build();
        lambda.Run(static context => context.Response.WriteAsync($$"""{"statusCode":200,"body":"{{context.Connection.LocalIpAddress}}"}"""));
        await lambda.StartAsync();
        return lambda;
    }
}
