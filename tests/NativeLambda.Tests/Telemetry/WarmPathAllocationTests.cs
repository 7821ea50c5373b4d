using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Telemetry;
using NativeLambda.Telemetry.Lifetime;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Telemetry;

/// <summary>What an invocation on a warm connection allocates for the lifetime: nothing, where its log is off.</summary>
public sealed class WarmPathAllocationTests
{
    private const int Invocations = 500;
    private const string Trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
    private static readonly TimeSpan TimeLeft = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Lending_and_taking_back_allocates_nothing_with_metrics_or_without(bool metrics, bool tracesSession)
    {
        using var log = new LogRecorder(_time, LogLevel.Info, json: true);
        DatabaseSettings settings = TestSettings.With(new LifetimeSettings { SessionReset = false }) with
        {
            Telemetry = new TelemetrySettings { Metrics = metrics, TracesSession = tracesSession },
        };
        var factory = new QuietSessionFactory();
        var connection = new LiveConnection(settings, new StartupGuards(settings.Server, log.Log), factory, _time, new Random(1), log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        await ServeAsync(connection, log.Log, 250); // what is made once, and a line of metrics

        // The recorder's own stream grows by a line of metrics: no more than that is let through.
        int lines = log.Lines.Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        await ServeAsync(connection, log.Log, 40);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(lines, log.Lines.Length);
        Assert.Equal(metrics ? 3 : 0, log.Lines.Count(EmfLine.IsOne));
        Assert.Equal(tracesSession ? 290 : 0, factory.Session.Prepended);
    }

    /// <summary>The reset needs a timer and what runs under it. Before there were events, metrics and traces it was 304 bytes.</summary>
    [Fact]
    public async Task With_the_reset_it_allocates_what_that_takes()
    {
        using var log = new LogRecorder(_time, LogLevel.Info, json: true);
        DatabaseSettings settings = TestSettings.With(new LifetimeSettings());
        var connection = new LiveConnection(settings, new StartupGuards(settings.Server, log.Log), new QuietSessionFactory(), _time, new Random(1), log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        await ServeAsync(connection, log.Log, Invocations);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await ServeAsync(connection, log.Log, Invocations);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Invocations, 0, 304 * 1.02);
    }

    [Fact]
    public void A_transition_that_is_not_logged_allocates_nothing()
    {
        using var log = new LogRecorder(_time, LogLevel.Error);
        var telemetry = new LifetimeTelemetry(new TelemetrySettings(), log.Log, _time);
        var opened = new OpenedSession(new QuietSession(), TimeSpan.FromMilliseconds(5), false, 1);
        Tell(telemetry, opened);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Invocations; i++)
            Tell(telemetry, opened);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(log.Lines);
    }

    private static void Tell(LifetimeTelemetry telemetry, in OpenedSession opened)
    {
        telemetry.Opened(opened, "r");
        telemetry.Thawed(TimeSpan.FromSeconds(1));
        telemetry.Verified(new ConnectionVerified(1, ByPing: true, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1)), "r");
        telemetry.Evicted(new ServerLoad(1, 2, 1, 1));
        telemetry.HandlerFailed();
        telemetry.Closed(new ConnectionClosed(1, new CloseReason(CloseCause.Lost), TimeSpan.FromSeconds(1), 1, TimeSpan.Zero), "r");
        telemetry.InvocationEnded();
        telemetry.ShutDown();
    }

    /// <summary>All of it completes at once, on this thread, whose bytes are counted.</summary>
    private static async Task ServeAsync(LiveConnection connection, LambdaLog log, int invocations)
    {
        for (int i = 0; i < invocations; i++)
        {
            log.Begin("r", Trace);
            await connection.LendAsync(TimeLeft, "r", trace: Trace);
            await connection.TakeBackAsync(TimeLeft, "r");
            connection.Telemetry.InvocationEnded();
            log.End("r");
        }
    }
}
