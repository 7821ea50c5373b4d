using Microsoft.Extensions.Logging.Abstractions;
using NativeLambda.Gateway.Lambda;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

/// <summary>Clients and calls for tests.</summary>
internal static class ClientBench
{
    public const string AccessKey = "AKIDTEST";
    public const string SecretKey = "secret/of+the/test";
    public const string Token = "token//of//the//test";

    public static LambdaClient Connect(ScriptedServer server, LambdaClientOptions? options = null, bool keys = false) =>
        LambdaClient.Create(
            (options ?? Plain) with { Endpoint = server.Address, Region = "eu-central-1" },
            name => keys ? Keys(name) : null, NullLogger.Instance, TimeProvider.System);

    /// <summary>One attempt for each call.</summary>
    public static LambdaClientOptions Plain { get; } = new() { MaxRetries = 0 };

    public static LambdaCall Call(string function = "products", string? qualifier = null) => new(function, qualifier, "{\"a\":1}"u8.ToArray());

    private static string? Keys(string name) => name switch
    {
        "AWS_ACCESS_KEY_ID" => AccessKey,
        "AWS_SECRET_ACCESS_KEY" => SecretKey,
        "AWS_SESSION_TOKEN" => Token,
        _ => null,
    };
}
