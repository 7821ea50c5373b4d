namespace NativeLambda.Runtime;

/// <summary>
/// One invocation as the Runtime API delivered it: the headers of <c>GET /runtime/invocation/next</c> and the event.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-next">Lambda Runtime API, next invocation</see>.
/// </remarks>
public sealed record Invocation
{
    /// <summary>The id of the request (<c>Lambda-Runtime-Aws-Request-Id</c>).</summary>
    public required string RequestId { get; init; }

    /// <summary>When the invocation times out, in Unix milliseconds (<c>Lambda-Runtime-Deadline-Ms</c>).</summary>
    public required long DeadlineUnixMs { get; init; }

    /// <summary>The ARN that the caller invoked (<c>Lambda-Runtime-Invoked-Function-Arn</c>); empty when absent.</summary>
    public string InvokedFunctionArn { get; init; } = "";

    /// <summary>The X-Ray trace header (<c>Lambda-Runtime-Trace-Id</c>), or <see langword="null"/>.</summary>
    public string? TraceId { get; init; }

    /// <summary>Client context JSON of AWS Mobile SDK callers (<c>Lambda-Runtime-Client-Context</c>), or <see langword="null"/>.</summary>
    public string? ClientContext { get; init; }

    /// <summary>Cognito identity JSON of AWS Mobile SDK callers (<c>Lambda-Runtime-Cognito-Identity</c>), or <see langword="null"/>.</summary>
    public string? CognitoIdentity { get; init; }

    /// <summary>The tenant of a tenant-isolated function (<c>Lambda-Runtime-Aws-Tenant-Id</c>), or <see langword="null"/>.</summary>
    public string? TenantId { get; init; }

    /// <summary>
    /// The event, as received. The memory belongs to the runtime client and is valid until the next invocation is asked for.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; init; }
}
