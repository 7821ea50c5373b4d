using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.CircuitBreaker;

namespace NativeLambda.Gateway.Lambda.Resilience;

/// <summary>
/// Makes calls again that were throttled or surely not sent, as long as there is time; and lets calls fail at once while the endpoint
/// fails. What may have reached the function is never made again.
/// </summary>
internal sealed class ResilientLambdaClient : ILambdaClient
{
    // The failures of an endpoint that is down come quickly; one that works has many more successes in this time.
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(10);
    private const int MinimumCalls = 10;
    private const double FailureRatio = 0.5;

    private readonly ILambdaClient _inner;
    private readonly LambdaClientOptions _options;
    private readonly LambdaMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<object> _breaker;
    private long _openedAt;

    public ResilientLambdaClient(ILambdaClient inner, LambdaClientOptions options, LambdaMetrics metrics, TimeProvider time)
    {
        (_inner, _options, _metrics, _time) = (inner, options, metrics, time);
        _breaker = new ResiliencePipelineBuilder<object> { TimeProvider = time, Name = "lambda" }.AddCircuitBreaker(Breaker()).Build();
    }

    /// <summary>
    /// Whether calls fail at once, without the endpoint being asked. Not so any more when the next call is to find out: somebody who waits
    /// for this to end before he calls would wait for ever.
    /// </summary>
    public bool IsLeftAlone => _metrics.IsCircuitOpen && _time.GetElapsedTime(Volatile.Read(ref _openedAt)) < _options.BreakDuration;

    public Task<LambdaResult> InvokeAsync(LambdaCall call, CancellationToken cancellation) =>
        RunAsync(call, static (inner, call, cancellation) => inner.InvokeAsync(call, cancellation), static result => result.FunctionError is null, cancellation);

    public Task<string> EnqueueAsync(LambdaCall call, CancellationToken cancellation) =>
        RunAsync(call, static (inner, call, cancellation) => inner.EnqueueAsync(call, cancellation), static _ => true, cancellation);

    public Task<LambdaResponseStream> InvokeStreamingAsync(LambdaCall call, CancellationToken cancellation) =>
        RunAsync(call, static (inner, call, cancellation) => inner.InvokeStreamingAsync(call, cancellation), static _ => true, cancellation);

    private async Task<T> RunAsync<T>(
        LambdaCall call, Func<ILambdaClient, LambdaCall, CancellationToken, Task<T>> send, Func<T, bool> succeeded, CancellationToken cancellation)
        where T : class
    {
        long start = _time.GetTimestamp();
        string outcome = "cancelled";
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation);
        try
        {
            var attempt = new Attempt<T>(_inner, call, send);
            for (int retries = 0; ; retries++)
            {
                Outcome<object> done = await _breaker.ExecuteOutcomeAsync(static (context, attempt) => attempt.RunAsync(context.CancellationToken), context, attempt);
                if (done.Exception is not { } failure)
                {
                    var result = (T)done.Result!;
                    outcome = succeeded(result) ? "success" : "function_error";
                    return result;
                }
                TimeSpan? wait = WaitBeforeRetry(call, retries, failure, start);
                if (wait is null) done.ThrowIfException();
                _metrics.Retried(RetryPlan.ReasonOf(failure)!);
                call.Observer?.Retried();
                await Task.Delay(wait!.Value, _time, cancellation);
            }
        }
        catch (BrokenCircuitException exception)
        {
            outcome = "circuit_open";
            throw new LambdaUnreachableException(
                $"Lambda's endpoint fails and is left alone for a moment. {exception.InnerException?.Message}".TrimEnd(), exception, mayHaveRun: false,
                exception.RetryAfter ?? _options.BreakDuration);
        }
        catch (Exception exception) when (OutcomeOf(exception) is { } failure)
        {
            outcome = failure;
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            _metrics.Called(call.Function, outcome, _time.GetElapsedTime(start));
        }
    }

    /// <summary>How long to wait before the call is made again; null when it is not.</summary>
    private TimeSpan? WaitBeforeRetry(LambdaCall call, int retries, Exception failure, long start)
    {
        if (retries >= _options.MaxRetries || RetryPlan.ReasonOf(failure) is null) return null;
        TimeSpan limit = call.TimeLimit is { } own && own < _options.RetryBudget ? own : _options.RetryBudget;
        return RetryPlan.Delay(retries, _options.RetryDelay, (failure as LambdaRefusedException)?.RetryAfter, limit - _time.GetElapsedTime(start), Jitter());
    }

    private CircuitBreakerStrategyOptions<object> Breaker() => new()
    {
        FailureRatio = FailureRatio,
        MinimumThroughput = MinimumCalls,
        SamplingDuration = Sampling,
        BreakDuration = _options.BreakDuration,
        ShouldHandle = static args => new(args.Outcome.Exception is LambdaUnreachableException),
        OnOpened = _ =>
        {
            Volatile.Write(ref _openedAt, _time.GetTimestamp());
            return Circuit(open: true);
        },
        OnClosed = _ => Circuit(open: false),
    };

    private ValueTask Circuit(bool open)
    {
        _metrics.Circuit(open);
        return default;
    }

    private static string? OutcomeOf(Exception exception) => exception switch
    {
        LambdaRefusedException { StatusCode: 429 } => "throttled",
        LambdaRefusedException => "refused",
        LambdaUnreachableException => "unreachable",
        LambdaResultTooLargeException => "result_too_large",
        _ => null,
    };

    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It spreads callers in time.")]
    private static double Jitter() => Random.Shared.NextDouble();

    /// <summary>An attempt as Polly wants it. Its breaker is one of objects for every kind of result.</summary>
    private readonly record struct Attempt<T>(ILambdaClient Inner, LambdaCall Call, Func<ILambdaClient, LambdaCall, CancellationToken, Task<T>> Send)
        where T : class
    {
        public async ValueTask<Outcome<object>> RunAsync(CancellationToken cancellation)
        {
            try
            {
                return Outcome.FromResult<object>(await Send(Inner, Call, cancellation));
            }
#pragma warning disable CA1031 // Not lost: it is the outcome, which the strategies look at and the caller throws.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                return Outcome.FromException<object>(exception);
            }
        }
    }
}
