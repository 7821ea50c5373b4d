using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Lambda.Http;
using NativeLambda.Gateway.Lambda.Resilience;

namespace NativeLambda.Gateway.Lambda;

/// <summary>The client as the gateway uses it: over HTTP, resilient, with what it owns.</summary>
internal sealed partial class LambdaClient : ILambdaClient, IDisposable
{
    private readonly ResilientLambdaClient _client;
    private readonly LambdaHttpClient _http;
    private readonly ICredentialSource _credentials;
    private readonly LambdaMetrics _metrics = new();

    private LambdaClient(LambdaClientOptions options, ICredentialSource credentials, LambdaEndpoint endpoint, TimeProvider time)
    {
        _http = new LambdaHttpClient(endpoint, credentials, options, time);
        _credentials = credentials;
        Endpoint = endpoint;
        _client = new ResilientLambdaClient(_http, options, _metrics, time);
    }

    /// <summary>Where it calls.</summary>
    public LambdaEndpoint Endpoint { get; }

    /// <summary>A client by configuration and environment. It connects, and looks for credentials, at its first call.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="environment">The environment's variables: <see cref="Environment.GetEnvironmentVariable(string)"/>.</param>
    /// <param name="logger">Told what was chosen.</param>
    /// <param name="time">The time, which signatures carry.</param>
    /// <exception cref="ArgumentException">The endpoint is no address, or there is no Region.</exception>
    public static LambdaClient Create(LambdaClientOptions options, Func<string, string?> environment, ILogger logger, TimeProvider time)
    {
        var settings = new LambdaSettings(options, environment);
        LambdaEndpoint endpoint = settings.Endpoint();
        ICredentialSource credentials = settings.Credentials(endpoint, time, logger);
        options = options with { CaBundle = settings.CaBundle };
        LogEndpoint(logger, endpoint.Address, endpoint.Region);
        if (settings.UsesDummyCredentials(endpoint)) LogDummy(logger);
        return new LambdaClient(options, credentials, endpoint, time);
    }

    public Task<LambdaResult> InvokeAsync(LambdaCall call, CancellationToken cancellation) => _client.InvokeAsync(call, cancellation);

    public Task<string> EnqueueAsync(LambdaCall call, CancellationToken cancellation) => _client.EnqueueAsync(call, cancellation);

    public Task<LambdaResponseStream> InvokeStreamingAsync(LambdaCall call, CancellationToken cancellation) => _client.InvokeStreamingAsync(call, cancellation);

    /// <summary>Why calls would fail now, for whoever asks whether the gateway is ready; null when nothing is known against them.</summary>
    public async ValueTask<string?> ProblemAsync(CancellationToken cancellation)
    {
        try
        {
            await _credentials.GetAsync(cancellation); // first: calls that fail for the want of them open the circuit
        }
        catch (LambdaUnreachableException none)
        {
            return none.Message;
        }
        return _client.IsLeftAlone ? $"the circuit to Lambda at {Endpoint.Address.Host} is open" : null;
    }

    public void Dispose()
    {
        _http.Dispose();
        _metrics.Dispose();
        (_credentials as IDisposable)?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Lambda is at {Endpoint}, signed for {Region}")]
    private static partial void LogEndpoint(ILogger logger, Uri endpoint, string region);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No AWS credentials are configured: requests to this machine's endpoint are signed with dummy ones")]
    private static partial void LogDummy(ILogger logger);
}
