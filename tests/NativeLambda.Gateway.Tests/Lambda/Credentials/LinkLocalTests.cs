using System.Net;
using NativeLambda.Gateway.Tests.Lambda.Http;
using NativeLambda.Gateway.Tests.Operation;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>The gateway as a process that has AWS's own addresses before it, 169.254.170.2 and 169.254.169.254, and nothing that names others.</summary>
public sealed class LinkLocalTests
{
    private static readonly IPAddress Agent = IPAddress.Parse("169.254.170.2"), Instance = IPAddress.Parse("169.254.169.254");

    [Theory]
    [InlineData("/v2/credentials/4f1c", "GET /v2/credentials/4f1c")]
    [InlineData(null, "PUT /latest/api/token, GET /latest/meta-data/iam/security-credentials/, GET /latest/meta-data/iam/security-credentials/shop-role")]
    public async Task Keys_come_from_the_agent_of_ECS_or_from_the_instance(string? relative, string asked)
    {
        const int PortOfLambda = 9001;
        string folder = Directory.CreateTempSubdirectory().FullName, socket = Path.Combine(folder, "gateway.sock");
        string configuration = $$"""
            {
              "listeners": [ { "url": "unix:{{socket}}" } ], "management": false, "accessLog": false,
              "lambda": { "endpoint": "http://127.0.0.1:{{PortOfLambda}}" }, "routes": [ { "route": "$default", "function": "f" } ]
            }
            """;
        (string, string)[] environment =
        [
            ("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", ""), ("AWS_CONFIG_FILE", Path.Combine(folder, "none")), ("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(folder, "none")),
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", relative ?? ""),
        ];
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(configuration, [], environment, PrivateNetwork.Launcher(Agent, Instance)))
        await using (var keys = new KeyServer(PrivateNetwork.Listen(gateway.Pid, new IPEndPoint(relative is null ? Instance : Agent, 80))))
        await using (var lambda = ScriptedServer.Always(ScriptedServer.Response(200, """{"statusCode":200,"body":"done"}"""), PrivateNetwork.Listen(gateway.Pid, new IPEndPoint(IPAddress.Loopback, PortOfLambda))))
        using (HttpClient client = TestSockets.UnixClient(socket))
        {
            Assert.Equal("done", await client.GetStringAsync("http://gateway/"));
            Assert.Equal(asked, string.Join(", ", keys.Asked));
            Assert.Contains("Credential=AKID1/", Assert.Single(lambda.Requests).Headers["Authorization"], StringComparison.Ordinal);
            Assert.Equal("t0ken-1", Assert.Single(lambda.Requests).Headers["X-Amz-Security-Token"]);
        }
        Directory.Delete(folder, recursive: true);
    }
}
