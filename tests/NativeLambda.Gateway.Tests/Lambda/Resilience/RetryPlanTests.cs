using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Lambda.Resilience;

namespace NativeLambda.Gateway.Tests.Lambda.Resilience;

public sealed class RetryPlanTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    public static TheoryData<string, Exception?, string?> Failures => new()
    {
        { "throttled", new LambdaRefusedException(429, "TooManyRequestsException", ""), "throttled" },
        { "no network interface yet", new LambdaRefusedException(502, "EC2ThrottledException", ""), "not_ready" },
        { "no snapshot yet", new LambdaRefusedException(409, "SnapStartNotReadyException", ""), "not_ready" },
        { "an error of the service, which may have run it", new LambdaRefusedException(500, "ServiceException", ""), null },
        { "no such function", new LambdaRefusedException(404, "ResourceNotFoundException", ""), null },
        { "not sent", new LambdaUnreachableException("", mayHaveRun: false), "not_sent" },
        { "sent, no answer", new LambdaUnreachableException(""), null },
        { "cancelled", new OperationCanceledException(), null },
        { "no failure", null, null },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Only_what_surely_did_not_run_is_tried_again(string what, Exception? failure, string? reason)
    {
        Assert.NotEmpty(what);
        Assert.Equal(reason, RetryPlan.ReasonOf(failure));
    }

    [Theory]
    [InlineData(0, 0, 50)]
    [InlineData(0, 1, 100)]
    [InlineData(1, 1, 200)]
    [InlineData(3, 0.5, 600)]
    public void Waits_double_and_vary(int attempt, double random, double milliseconds) =>
        Assert.Equal(milliseconds, RetryPlan.Delay(attempt, First, null, Long, random)!.Value.TotalMilliseconds);

    [Fact]
    public void What_the_service_asks_for_is_the_least() =>
        Assert.Equal(TimeSpan.FromMilliseconds(2050), RetryPlan.Delay(0, First, TimeSpan.FromSeconds(2), Long, 0.5));

    [Fact]
    public void There_is_no_wait_beyond_the_time_left()
    {
        Assert.Null(RetryPlan.Delay(0, First, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), 0));
        Assert.Null(RetryPlan.Delay(40, First, null, Long, 0));
        Assert.Null(RetryPlan.Delay(0, First, null, TimeSpan.FromSeconds(-1), 0));
    }
}
