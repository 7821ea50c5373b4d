using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Telemetry;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Telemetry;

/// <summary>Each transition of the lifetime is one event and its metrics, once, whatever the way to it.</summary>
public sealed class LifetimeTelemetryTests : IDisposable
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSessionFactory _factory = new();
    private readonly LogRecorder _log;

    public LifetimeTelemetryTests() => _log = new LogRecorder(_time, json: true);

    public void Dispose() => _log.Dispose();

    private async Task<LiveConnection> OpenAsync(bool metrics = true, bool tracesSession = false, LifetimeSettings? lifetime = null)
    {
        DatabaseSettings settings = TestSettings.With(lifetime) with
        {
            Telemetry = new TelemetrySettings { Metrics = metrics, TracesSession = tracesSession, FunctionName = "products" },
        };
        var connection = new LiveConnection(settings, new StartupGuards(settings.Server, _log.Log), _factory, _time, new Random(1), _log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        return connection;
    }

    /// <summary>The events so far, as <c>event cause</c>.</summary>
    private IReadOnlyList<string> Events =>
    [
        .. from record in Records
           where record.TryGetProperty("event", out _)
           select record.GetProperty("event").GetString() + (record.TryGetProperty("cause", out JsonElement cause) ? " " + cause.GetString() : ""),
    ];

    private IEnumerable<JsonElement> Records => _log.Lines.Where(line => !EmfLine.IsOne(line)).Select(line => JsonElement.Parse(line));

    private JsonElement Record(string name) => Assert.Single(Records, record => record.TryGetProperty("event", out JsonElement value) && value.GetString() == name);

    /// <summary>All metrics so far.</summary>
    private IReadOnlyList<string> Metrics
    {
        get
        {
            var all = new List<string>();
            foreach (string line in _log.Lines.Where(EmfLine.IsOne))
            {
                using var emf = new EmfLine(line);
                all.AddRange(emf.Has("Cause") ? emf.Metrics.Select(metric => metric.Replace("Cause]", $"Cause={emf.Text("Cause")}]", StringComparison.Ordinal)) : emf.Metrics);
            }

            return all;
        }
    }

    [Fact]
    public async Task An_open_in_Init_is_told_at_once_and_counted_after_the_first_invocation()
    {
        LiveConnection connection = await OpenAsync();
        Assert.Equal(["opened"], Events);
        JsonElement record = Record("opened");
        Assert.Equal(("INFO", 1000, 0, 1), (record.GetProperty("level").GetString(), record.GetProperty("backendPid").GetInt32(), record.GetProperty("durationMs").GetDouble(), record.GetProperty("attempts").GetInt32()));
        Assert.False(record.TryGetProperty("requestId", out _));
        Assert.Empty(Metrics);
        connection.Telemetry.InvocationEnded();
        Assert.Equal(["ConnectionOpens Count [FunctionName] 1", "OpenDuration Milliseconds [FunctionName] [0]"], Metrics);
    }

    [Theory]
    [InlineData(400, "socket")]
    [InlineData(2000, "ping")]
    public async Task A_good_connection_is_verified_once_with_its_gap(int gapMs, string check)
    {
        LiveConnection connection = await OpenAsync();
        _time.Advance(TimeSpan.FromMilliseconds(gapMs));
        await connection.LendAsync(TimeLeft, "r");
        Assert.Equal(["opened", "verified"], Events);
        JsonElement record = Record("verified");
        Assert.Equal(("DEBUG", "r", check, gapMs, 1000),
            (record.GetProperty("level").GetString(), record.GetProperty("requestId").GetString(), record.GetProperty("check").GetString(), record.GetProperty("gapMs").GetInt32(), record.GetProperty("backendPid").GetInt32()));
        connection.Telemetry.ShutDown();
        Assert.Contains($"ThawGap Milliseconds [FunctionName] [{gapMs}]", Metrics);
    }

    [Theory]
    [InlineData("DeadSocket")]
    [InlineData("MaxIdle")]
    [InlineData("MaxLifetime")]
    [InlineData("PingFailed")]
    [InlineData("Lost")]
    [InlineData("LeftRunning")]
    [InlineData("ClosedByHandler")]
    [InlineData("CleanFailed")]
    [InlineData("ReadOnlyServer")]
    [InlineData("Released")]
    [InlineData("GivenUp")]
    public async Task Whatever_it_is_closed_for_it_is_closed_once_and_reopened_once_with_that_cause(string cause)
    {
        LiveConnection connection = await OpenAsync(lifetime: new LifetimeSettings { MaxIdle = TimeSpan.FromHours(1) });
        FakeSession session = _factory.Current;
        bool atThaw = cause is "DeadSocket" or "MaxIdle" or "MaxLifetime" or "PingFailed";
        if (!atThaw)
        {
            await connection.LendAsync(TimeLeft, "r1");
            session.Condition = cause switch
            {
                "Lost" => SessionCondition.Broken,
                "LeftRunning" or "GivenUp" => SessionCondition.Busy,
                "ClosedByHandler" => SessionCondition.ClosedByHandler,
                _ => SessionCondition.Idle,
            };
            if (cause == "CleanFailed")
                session.Server = FakeSession.Fail;
            if (cause == "ReadOnlyServer")
                connection.Misplaced();
            if (cause == "Released")
                session.Load = new ServerLoad(99, 100, session.BackendPid, 0);
            if (cause == "GivenUp")
                await connection.AbandonAsync(TimeLeft, "r1");
            else
                await connection.TakeBackAsync(TimeLeft, "r1");
            connection.Telemetry.InvocationEnded();
        }
        else if (cause == "DeadSocket")
        {
            session.Socket = SocketCondition.Dead;
        }
        else
        {
            session.Server = FakeSession.Fail;
            _time.Advance(cause switch
            {
                "MaxIdle" => TimeSpan.FromHours(1),
                "MaxLifetime" => TimeSpan.FromMinutes(34),
                _ => TimeSpan.FromSeconds(2),
            });
        }

        await connection.LendAsync(TimeLeft, "r2");
        connection.Telemetry.InvocationEnded();
        Assert.Equal(["opened", .. atThaw ? Array.Empty<string>() : ["verified"], $"closed {cause}", $"reopened {cause}"], Events);
        Assert.Equal((1001, "r2"), (Record("reopened").GetProperty("backendPid").GetInt32(), Record("reopened").GetProperty("requestId").GetString()));
        JsonElement closed = Record("closed");
        Assert.Equal((1000, atThaw ? "r2" : "r1", atThaw ? 0 : 1), (closed.GetProperty("backendPid").GetInt32(), closed.GetProperty("requestId").GetString(), closed.GetProperty("invocations").GetInt32()));
        Assert.Equal(atThaw, closed.TryGetProperty("gapMs", out _));
        Assert.True(closed.GetProperty("ageMs").GetDouble() >= 0 && closed.GetProperty("durationMs").GetDouble() >= 0);
        Assert.Single(Metrics, metric => metric.StartsWith("ReopensByCause", StringComparison.Ordinal));
        Assert.Contains($"ReopensByCause Count [FunctionName,Cause={cause}] 1", Metrics);
        bool isHandlers = cause is "LeftRunning" or "ClosedByHandler";
        Assert.Equal(isHandlers ? 1 : 0, Metrics.Count(metric => metric == "HandlerErrors Count [FunctionName] 1"));

        // What was told of is not told of again.
        session = _factory.Current;
        await connection.TakeBackAsync(TimeLeft, "r2");
        await connection.LendAsync(TimeLeft, "r3");
        Assert.Equal("verified", Events[^1]);
        Assert.Single(Events, name => name.StartsWith("reopened", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reopen_that_failed_first_keeps_its_cause()
    {
        LiveConnection connection = await OpenAsync();
        _factory.Current.Socket = SocketCondition.Dead;
        _factory.FailWith(new PostgresException("password authentication failed", "FATAL", "FATAL", SqlStates.InvalidPassword));
        await Assert.ThrowsAsync<DatabaseOpenException>(async () => await connection.LendAsync(TimeLeft, "r1"));
        await connection.LendAsync(TimeLeft, "r2");
        Assert.Equal(["opened", "closed DeadSocket", "reopened DeadSocket"], Events);
    }

    [Fact]
    public async Task The_end_of_the_environment_closes_once_and_writes_the_metrics_that_waited()
    {
        LiveConnection connection = await OpenAsync();
        connection.Telemetry.InvocationEnded();
        _time.Advance(TimeSpan.FromMilliseconds(300));
        await connection.LendAsync(TimeLeft, "r");
        await connection.TakeBackAsync(TimeLeft, "r");
        connection.Telemetry.InvocationEnded();
        Assert.DoesNotContain(Metrics, metric => metric.StartsWith("ThawGap", StringComparison.Ordinal));
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        Assert.Equal(["opened", "verified", "closed Shutdown"], Events);
        Assert.Single(Metrics, "ThawGap Milliseconds [FunctionName] [300]");
    }

    [Fact]
    public async Task An_eviction_is_told_once_and_counted()
    {
        LiveConnection connection = await OpenAsync();
        await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Load = new ServerLoad(50, 100, _factory.Current.BackendPid, Evicted: 1);
        await connection.TakeBackAsync(TimeLeft, "r");
        connection.Telemetry.InvocationEnded();
        JsonElement record = Record("evicted");
        Assert.Equal((1, 50, 100), (record.GetProperty("sessions").GetInt32(), record.GetProperty("usedSlots").GetInt32(), record.GetProperty("slots").GetInt32()));
        Assert.Single(Metrics, "Evictions Count [FunctionName] 1");
    }

    [Theory]
    [InlineData("42704", "unrecognized configuration parameter \"idle_session_timeout\"", "idle_session_timeout")]
    [InlineData("08P01", "unsupported startup parameter: options", "idle_session_timeout, ")]
    [InlineData("0A000", "options are not supported", "idle_session_timeout, ")]
    public void A_guard_that_is_refused_is_told_once_with_its_SQLSTATE(string sqlState, string message, string guard)
    {
        var guards = new StartupGuards(new ServerSettings(), _log.Log);
        var refusal = new PostgresException(message, "FATAL", "FATAL", sqlState);
        guards.TryLearn(refusal);
        guards.TryLearn(refusal);
        Assert.Equal(["guardRefused"], Events);
        JsonElement record = Record("guardRefused");
        Assert.Equal(("WARN", sqlState), (record.GetProperty("level").GetString(), record.GetProperty("sqlState").GetString()));
        Assert.StartsWith(guard, record.GetProperty("guards").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_metrics_there_are_events_and_no_line_of_metrics()
    {
        LiveConnection connection = await OpenAsync(metrics: false);
        await connection.LendAsync(TimeLeft, "r");
        await connection.TakeBackAsync(TimeLeft, "r");
        connection.Telemetry.InvocationEnded();
        await connection.DisposeAsync();
        Assert.Equal(["opened", "verified", "closed Shutdown"], Events);
        Assert.DoesNotContain(_log.Lines, EmfLine.IsOne);
    }

    [Fact]
    public async Task A_clock_that_went_back_leaves_no_absurd_number_in_the_log_or_the_metrics()
    {
        var time = new SteppingTimeProvider();
        DatabaseSettings settings = TestSettings.With(null) with { Telemetry = new TelemetrySettings { Metrics = true } };
        var connection = new LiveConnection(settings, new StartupGuards(settings.Server, _log.Log), _factory, time, new Random(1), _log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        time.StepWallClock(-TimeSpan.FromHours(1));
        await connection.LendAsync(TimeLeft, "r");
        connection.Telemetry.ShutDown();
        Assert.Equal(["opened", "closed MaxIdle", "reopened MaxIdle"], Events);
        JsonElement closed = Record("closed");
        Assert.False(closed.TryGetProperty("gapMs", out _) || closed.TryGetProperty("ageMs", out _));
        Assert.DoesNotContain(Metrics, metric => metric.StartsWith("ThawGap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gap_that_nobody_knows_is_no_metric()
    {
        LiveConnection connection = await OpenAsync();
        connection.Telemetry.Thawed(TimeSpan.MaxValue);
        connection.Telemetry.ShutDown();
        Assert.DoesNotContain(Metrics, metric => metric.StartsWith("ThawGap", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", "SET application_name = 'nativelambda/1-5759e988-bd862e3fe1be46a994272793'")]
    [InlineData(true, "Root=1-'; DROP TABLE products; --4272793;Sampled=1", null)]
    [InlineData(true, null, null)]
    [InlineData(false, "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", null)]
    public async Task The_session_is_named_after_the_trace_before_its_first_statement_where_that_is_asked_for(bool asked, string? trace, string? statement)
    {
        LiveConnection connection = await OpenAsync(tracesSession: asked);
        await connection.LendAsync(TimeLeft, "r", trace: trace);
        Assert.Equal(statement is null ? [] : [statement], _factory.Current.Prepended);
        Assert.Empty(_factory.Current.Calls);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task An_invocation_without_a_trace_does_not_run_under_the_name_of_another(bool reset, int statements)
    {
        LiveConnection connection = await OpenAsync(tracesSession: true, lifetime: new LifetimeSettings { SessionReset = reset });
        await connection.LendAsync(TimeLeft, "r1", trace: "Root=1-5759e988-bd862e3fe1be46a994272793");
        await connection.TakeBackAsync(TimeLeft, "r1");
        await connection.LendAsync(TimeLeft, "r2");

        // The reset has taken it away already.
        Assert.Equal(statements, _factory.Current.Prepended.Count);
        if (!reset)
            Assert.Equal("SET application_name = 'nativelambda'", _factory.Current.Prepended[^1]);
    }
}
