using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Lambda.Signing;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>Makes signed requests of calls.</summary>
internal sealed class RequestSigner(LambdaEndpoint endpoint, TimeProvider time)
{
    public const string ContentType = "application/json";

    private readonly SigV4Signer _signer = new(endpoint.Region, "lambda");
    private readonly string _host = endpoint.Host;

    public InvokeRequest Sign(LambdaCall call, FunctionTarget target, AwsKeys keys)
    {
        string timestamp = _signer.Timestamp(time.GetUtcNow());
        ReadOnlySpan<SignedHeader> headers =
        [
            new("content-type", ContentType), new("host", _host), new("x-amz-date", timestamp), new("x-amz-invocation-type", target.Operation.InvocationType),
            new("x-amz-security-token", keys.SessionToken ?? ""),
        ];
        if (keys.SessionToken is null) headers = headers[..^1];
        string authorization = _signer.Authorize(keys, timestamp, "POST", target.CanonicalPath, target.CanonicalQuery, headers, call.Payload.Span);
        // The trace's header is not signed: proxies may change it, and AWS's SDKs do not sign it either.
        return new InvokeRequest(target, call.Payload, timestamp, authorization, keys.SessionToken, call.TraceHeader);
    }
}
