using System.Globalization;
using NativeLambda.Gateway.Invocation;

namespace NativeLambda.Gateway.Access;

/// <summary>Why a request goes no further, and what its client is told: the status and <c>{"message":"…"}</c>, as an HTTP API's.</summary>
/// <param name="Status">The status.</param>
/// <param name="Message">What the body says.</param>
/// <param name="Error">The word for the access log and the metrics.</param>
internal sealed record Refusal(int Status, string Message, string Error)
{
    /// <summary>The API key is missing or none of the route's.</summary>
    public static Refusal NoApiKey { get; } = new(StatusCodes.Status403Forbidden, "Forbidden", "api_key");

    /// <summary>The gateway has as many requests under way as it may.</summary>
    public static Refusal Busy { get; } = new(StatusCodes.Status503ServiceUnavailable, "Service Unavailable", "overload") { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The route has as many requests under way as it may.</summary>
    public static Refusal Concurrency { get; } = new(StatusCodes.Status429TooManyRequests, "Too Many Requests", "concurrency_limit") { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The route took as many requests as it may for now.</summary>
    public static Refusal Rate(TimeSpan retryAfter) => new(StatusCodes.Status429TooManyRequests, "Too Many Requests", "rate_limit") { RetryAfter = retryAfter };

    /// <summary>The value of <c>WWW-Authenticate</c>; null for none.</summary>
    public string? Challenge { get; init; }

    /// <summary>When to ask again, at the soonest; null when it is not for the client to know.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return GatewayAnswer.WriteAsync(context, Status, Message);
    }
}
