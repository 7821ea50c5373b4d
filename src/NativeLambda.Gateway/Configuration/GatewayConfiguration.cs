using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Configuration;

/// <summary>All that <c>gateway.json</c> says, checked and complete. It never changes: a file that is read anew makes another one.</summary>
internal sealed record GatewayConfiguration
{
    /// <summary>Where clients are served.</summary>
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [];

    /// <summary>The proxies in front whose word on their clients counts.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How Lambda is reached.</summary>
    public LambdaClientOptions Lambda { get; init; } = new();

    /// <summary>The stages. Without any there is <c>$default</c> alone.</summary>
    public IReadOnlyList<StageOptions> Stages { get; init; } = [StageOptions.Default];

    /// <summary>What is served.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = [];

    /// <summary>What the routes have in common about who may use them.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>How the gateway is operated.</summary>
    public OperationOptions Operation { get; init; } = new();

    /// <summary>How long a client may take to send the head of a request; the connection ends then.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The account that events tell of (<c>requestContext.accountId</c>).</summary>
    public string AccountId { get; init; } = "anonymous";

    /// <summary>The API's ID in events; null for the first label of the host.</summary>
    public string? ApiId { get; init; }
}
