using System.Globalization;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation.Requests;

namespace NativeLambda.Gateway.Invocation;

/// <summary>What becomes of a call that gave no result: its status, and its word in the access log.</summary>
/// <param name="Status">The status.</param>
/// <param name="Word">The word.</param>
internal readonly record struct Failure(int Status, string Word)
{
    /// <summary>The function failed, or ran into its own timeout: an HTTP API's 502.</summary>
    public static readonly Failure OfFunction = new(StatusCodes.Status502BadGateway, "function_error");

    /// <summary>The result cannot be a response.</summary>
    public static readonly Failure OfResult = new(StatusCodes.Status502BadGateway, "bad_result");

    /// <summary>The route's time is over.</summary>
    public static readonly Failure Timeout = new(StatusCodes.Status504GatewayTimeout, "timeout");

    /// <summary>Request or event are larger than may be.</summary>
    public static readonly Failure TooLarge = new(StatusCodes.Status413PayloadTooLarge, "too_large");

    /// <summary>The client went away: nobody is answered.</summary>
    public const string ClientGone = "client_gone";

    /// <summary>The gateway ended before the answer was there: nobody is answered.</summary>
    public const string CutOff = "cut_off";

    /// <summary>The stream of a response broke off after its head was sent.</summary>
    public const string BrokenStream = "broken_stream";

    /// <summary>When the client may ask again; null for not saying.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Lambda could not be reached, or its circuit is open for as long as is known.</summary>
    public static Failure Of(LambdaUnreachableException unreachable) =>
        new(StatusCodes.Status503ServiceUnavailable, "unreachable") { RetryAfter = unreachable.RetryAfter ?? TimeSpan.FromSeconds(1) };

    /// <summary>What an error of Lambda's own means for the client.</summary>
    public static Failure Of(LambdaRefusedException refused) => refused.StatusCode switch
    {
        // As a function URL says it. The client may have done nothing wrong, but waiting is what helps.
        StatusCodes.Status429TooManyRequests => new(StatusCodes.Status429TooManyRequests, "throttled") { RetryAfter = refused.RetryAfter ?? TimeSpan.FromSeconds(1) },
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        // The function is just being changed, or the service has trouble: later it will do.
        StatusCodes.Status409Conflict or >= 500 => new(StatusCodes.Status503ServiceUnavailable, "refused") { RetryAfter = refused.RetryAfter ?? TimeSpan.FromSeconds(1) },
        // No such function, no permission: the gateway's configuration is wrong, and nothing that the client does mends it.
        _ => new(StatusCodes.Status500InternalServerError, "refused"),
    };

    /// <summary>Answers a client.</summary>
    public Task AnswerAsync(HttpContext context, RequestFacts facts)
    {
        facts.Error = Word;
        if (RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return GatewayAnswer.WriteAsync(context, Status);
    }
}
