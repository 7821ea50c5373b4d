using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;

namespace NativeLambda.Demo.Steps;

/// <summary>The whole way: client, gateway, Lambda, the function, PostgreSQL.</summary>
internal sealed class ThroughTheGateway : IStep
{
    private const string Product = """{"name":"Through the gateway","price":7.5}""";

    public string Title => "The same function behind the gateway: routes, payload 2.0, limits";

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        await stage.RaiseGatewayAsync(cancellation);
        Uri url = stage.Gateway.Url;
        narrator.Fact("gateway", string.Create(CultureInfo.InvariantCulture, $"{url}, {new FileInfo(stage.GatewayProgram).Length / 1e6:0.0} MB, Native AOT, {stage.Gateway.ResidentBytes / 1e6:0} MB of memory"));
        using var client = new FunctionClient(url, TimeProvider.System);

        Answer put = await client.SendAsync(HttpMethod.Put, "/products/gateway", Product, cancellation);
        narrator.Request(put, "by the gateway, payload 2.0, into PostgreSQL");
        Answer got = await client.GetAsync("/products/gateway", cancellation), direct = await stage.Client.GetAsync("/products/gateway", cancellation);
        narrator.Request(got, "by the gateway");
        narrator.Request(direct, "by the function URL");
        narrator.Claim("the row was written through it", "201", put.Summary);
        narrator.Claim("gateway and function URL give the same answer", direct.Body, got.Body);
        narrator.Claim("what has no route is answered by the gateway itself", """404 {"message":"Not Found"}""", (await client.GetAsync("/elsewhere", cancellation)).Summary);
        narrator.Claim(
            "what is larger than the route takes never reaches the function", """413 {"message":"Request Entity Too Large"}""",
            (await client.SendAsync(HttpMethod.Put, "/products/large", new string(' ', 2000), cancellation)).Summary);
        narrator.Claim("at SIGTERM it ends in order", 0, await stage.Gateway.StopAsync(cancellation));
        if (stage.KeepsUp) await stage.RaiseGatewayAsync(cancellation);
    }
}
