namespace NativeLambda.Gateway.Access.Limits;

/// <summary>
/// How many requests a route takes: a token bucket, as API Gateway's. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html">API Gateway, Throttle HTTP APIs</see>.
/// </summary>
/// <param name="PerSecond">The tokens that come back each second; above 0, and a part of one is allowed.</param>
/// <param name="Burst">The tokens that the bucket holds; at least 1.</param>
internal sealed record RateLimitOptions(double PerSecond, int Burst);
