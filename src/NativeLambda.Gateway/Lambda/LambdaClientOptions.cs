namespace NativeLambda.Gateway.Lambda;

/// <summary>The protocol towards Lambda.</summary>
internal enum LambdaProtocol
{
    /// <summary>HTTP/1.1: a connection for each invocation under way.</summary>
    Http1,

    /// <summary>HTTP/2: many invocations on a connection. Falls back to HTTP/1.1 where TLS settles on that.</summary>
    Http2,
}

/// <summary>How Lambda is reached.</summary>
internal sealed record LambdaClientOptions
{
    /// <summary>The AWS Region; null: <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, that of the profile.</summary>
    public string? Region { get; init; }

    /// <summary>Another address than AWS's; null: <c>AWS_ENDPOINT_URL_LAMBDA</c>, <c>AWS_ENDPOINT_URL</c>, else AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The profile of the shared files; null: <c>AWS_PROFILE</c>, else "default".</summary>
    public string? Profile { get; init; }

    /// <summary>A file of CA certificates in PEM that alone are trusted; null: <c>AWS_CA_BUNDLE</c>, else those of the system.</summary>
    public string? CaBundle { get; init; }

    public LambdaProtocol Protocol { get; init; } = LambdaProtocol.Http1;

    /// <summary>Whether .NET's general client is used for HTTP/1.1 as well: it is through proxies, for streams and HTTP/2 anyway.</summary>
    public bool GeneralClient { get; init; }

    /// <summary>The longest attempt to connect, TLS included. Default 3 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The age from which a connection takes no new request, so that a change of the DNS is followed. Default 2 min.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an unused connection is kept. Default 30 s: less than servers keep theirs, so that none is used while it ends.</summary>
    public TimeSpan ConnectionIdle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections at a time. Default 1,000, Lambda's concurrency in a fresh account.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>The largest result, in bytes. Default 6 MiB and 1 KiB: Lambda's own limit, with what an error adds.</summary>
    public int MaxResultBytes { get; init; } = (6 * 1024 * 1024) + 1024;

    /// <summary>How often a call is tried again at most, when it was throttled or surely not sent. Default 5; 0 switches it off.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>What the first wait before another attempt is about; each further one is twice as long. Default 50 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long after a call's beginning a retry may start; a call's own limit comes first where it is shorter. Default 3 s.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an endpoint that fails is left alone. Default 5 s.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);
}
