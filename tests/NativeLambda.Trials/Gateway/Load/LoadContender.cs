using NativeLambda.Emulator;

namespace NativeLambda.Trials.Gateway.Load;

/// <summary>Who is compared.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Program">Its program.</param>
/// <param name="Environment">Variables for it.</param>
/// <param name="PeerServer">What the Go peer serves with; null for the gateway.</param>
internal sealed record LoadContender(string Name, string Program, IReadOnlyDictionary<string, string>? Environment = null, string? PeerServer = null)
{
    /// <summary>The routes that all have, and their functions.</summary>
    private static readonly (string Route, string Function)[] Routes =
    [
        ("GET /echo", "echo"), ("POST /echo", "echo"), ("GET /products", "list"), ("GET /products/{id}", "hello"), ("PUT /products/{id}", "hello"),
        ("DELETE /products/{id}", "hello"), ("GET /orders/{id}/lines/{line}", "hello"), ("ANY /files/{proxy+}", "echo"),
    ];

    /// <summary>Starts it before a Lambda.</summary>
    public async Task<GatewayProcess> StartAsync(int lambda, string folder, CancellationToken cancellation)
    {
        int port = FreePort.Find();
        if (PeerServer is not null)
            return await GatewayProcess.StartAsync(Program, [PeerServer, $"127.0.0.1:{port}", $"http://127.0.0.1:{lambda}", .. Routes.Select(static route => $"{route.Route}={route.Function}")], port, Environment, cancellation);
        string configuration = Path.Combine(folder, $"gateway-{port}.json");
        string routes = string.Join(",", Routes.Select(static route => $$"""{ "route": "{{route.Route}}", "function": "{{route.Function}}" }"""));
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            {
              "listeners": [ { "url": "http://127.0.0.1:{{port}}" } ], "accessLog": false, "management": false,
              "lambda": { "endpoint": "http://127.0.0.1:{{lambda}}", "region": "us-east-1" },
              "accountId": "123456789012", "apiId": "gateway",
              "routes": [ {{routes}} ]
            }
            """,
            cancellation);
        return await GatewayProcess.StartAsync(Program, ["--config", configuration], port, Environment, cancellation);
    }
}
