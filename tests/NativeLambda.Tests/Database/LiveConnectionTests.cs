using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class LiveConnectionTests : IDisposable
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSessionFactory _factory = new();
    private readonly LogRecorder _log;

    public LiveConnectionTests() => _log = new LogRecorder(_time);

    public void Dispose() => _log.Dispose();

    private LiveConnection Create(LifetimeSettings? lifetime = null) =>
        new(TestSettings.With(lifetime), new StartupGuards(new ServerSettings(), _log.Log), _factory, _time, new Random(1), _log.Log);

    private async Task<LiveConnection> OpenAsync(LifetimeSettings? lifetime = null)
    {
        LiveConnection connection = Create(lifetime);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        return connection;
    }

    private static async Task<Loan> ServeAsync(LiveConnection connection)
    {
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        await connection.TakeBackAsync(TimeLeft, "r");
        return loan;
    }

    [Fact]
    public async Task The_first_invocation_gets_the_connection_of_Init_after_a_poll()
    {
        LiveConnection connection = await OpenAsync();
        connection.InitDuration = TimeSpan.FromMilliseconds(30);
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Same(_factory.Current.Connection, loan.Connection);
        Assert.Equal(ConnectionCheck.Socket, loan.Facts.Check);
        Assert.Equal((1, 1L, 1L, 1000), (loan.Facts.Opens, loan.Facts.Invocations, loan.Facts.ReusedFor, loan.Facts.BackendPid));
        Assert.Equal(TimeSpan.FromMilliseconds(30), loan.Facts.InitDuration);
        Assert.Empty(_factory.Current.Calls);
    }

    [Theory]
    [InlineData(999, ConnectionCheck.Socket, "")]
    [InlineData(1_000, ConnectionCheck.Ping, "ping")]
    [InlineData(299_999, ConnectionCheck.Ping, "ping")]
    public async Task A_gap_short_of_MaxIdle_keeps_the_connection_with_the_check_of_the_table(int gapMs, ConnectionCheck check, string call)
    {
        LiveConnection connection = await OpenAsync();
        _time.Advance(TimeSpan.FromMilliseconds(gapMs));
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal(check, loan.Facts.Check);
        Assert.Equal(TimeSpan.FromMilliseconds(gapMs), loan.Facts.Gap);
        Assert.Equal(call, string.Join(' ', _factory.Current.Calls));
        Assert.Single(_factory.Opened);
    }

    [Fact]
    public async Task A_gap_of_MaxIdle_replaces_the_connection_without_a_ping()
    {
        LiveConnection connection = await OpenAsync();
        FakeSession first = _factory.Current;
        _time.Advance(TimeSpan.FromMinutes(5));
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal(ConnectionCheck.Reopened, loan.Facts.Check);
        Assert.Equal(["close"], first.Calls);
        Assert.Equal((2, 1L, 1001), (loan.Facts.Opens, loan.Facts.ReusedFor, loan.Facts.BackendPid));
    }

    [Fact]
    public async Task A_busy_connection_is_replaced_at_its_maximum_lifetime_within_ten_percent()
    {
        LiveConnection connection = await OpenAsync();
        long served = 0;
        while (_factory.Opened.Count == 1)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await ServeAsync(connection);
            served++;
        }

        Assert.InRange(served, 27 * 60, (33 * 60) + 1);
    }

    [Fact]
    public async Task A_dead_socket_is_replaced_before_the_handler_runs_whatever_the_gap()
    {
        LiveConnection connection = await OpenAsync();
        FakeSession first = _factory.Current;
        first.Socket = SocketCondition.Dead;
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.NotSame(first.Connection, loan.Connection);
        Assert.Equal(ConnectionCheck.Reopened, loan.Facts.Check);
        Assert.True(first.IsClosed);
        Assert.Contains("DeadSocket", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_readable_socket_is_pinged_and_kept_when_it_answers()
    {
        LiveConnection connection = await OpenAsync();
        _factory.Current.Socket = SocketCondition.Readable;
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal(ConnectionCheck.Ping, loan.Facts.Check);
        Assert.Single(_factory.Opened);
    }

    [Fact]
    public async Task A_ping_that_fails_replaces_the_connection()
    {
        LiveConnection connection = await OpenAsync();
        _factory.Current.Server = FakeSession.Fail;
        _time.Advance(TimeSpan.FromSeconds(2));
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal((ConnectionCheck.Reopened, 1001), (loan.Facts.Check, loan.Facts.BackendPid));
    }

    [Fact]
    public async Task A_ping_without_an_answer_is_aborted_after_PingTimeout_and_the_connection_replaced()
    {
        LiveConnection connection = await OpenAsync();
        FakeSession first = _factory.Current;
        first.Server = FakeSession.Hang;
        _time.Advance(TimeSpan.FromSeconds(2));
        Task<Loan> lending = connection.LendAsync(TimeLeft, "r").AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.DoesNotContain("abort", first.Calls);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Loan loan = await lending;
        Assert.Equal((ConnectionCheck.Reopened, 1001), (loan.Facts.Check, loan.Facts.BackendPid));
        Assert.Contains("abort", first.Calls);
    }

    [Fact]
    public async Task A_ping_may_take_a_fifth_of_the_time_left_at_the_most()
    {
        LiveConnection connection = await OpenAsync();
        FakeSession first = _factory.Current;
        first.Server = FakeSession.Hang;
        _time.Advance(TimeSpan.FromSeconds(2));
        Task<Loan> lending = connection.LendAsync(TimeSpan.FromSeconds(1), "r").AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Loan loan = await lending;
        Assert.Equal(1001, loan.Facts.BackendPid);
    }

    [Fact]
    public async Task A_wall_clock_that_went_back_counts_as_the_longest_gap()
    {
        var time = new SteppingTimeProvider();
        var connection = new LiveConnection(TestSettings.With(null), new StartupGuards(new ServerSettings(), _log.Log), _factory, time, new Random(1), _log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        time.StepWallClock(TimeSpan.FromHours(-1));
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal(ConnectionCheck.Reopened, loan.Facts.Check);
        Assert.Contains("clock went back", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_clock_that_ran_on_while_the_monotonic_clock_stood_still_counts()
    {
        var time = new SteppingTimeProvider();
        var connection = new LiveConnection(TestSettings.With(null), new StartupGuards(new ServerSettings(), _log.Log), _factory, time, new Random(1), _log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        time.StepWallClock(TimeSpan.FromSeconds(3));
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal((ConnectionCheck.Ping, TimeSpan.FromSeconds(3)), (loan.Facts.Check, loan.Facts.Gap));
    }

    [Fact]
    public async Task Take_back_resets_the_session_and_the_reset_counts_as_a_sign_of_life()
    {
        LiveConnection connection = await OpenAsync();
        _time.Advance(TimeSpan.FromMilliseconds(900));
        await ServeAsync(connection);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal(ConnectionCheck.Socket, loan.Facts.Check);
        Assert.Equal(TimeSpan.FromMilliseconds(900), loan.Facts.Gap);
        Assert.Equal(["reset"], _factory.Current.Calls);
        Assert.Equal((2L, 2L), (loan.Facts.Invocations, loan.Facts.ReusedFor));
    }

    [Theory]
    [InlineData("Idle", true, "reset", null)]
    [InlineData("Idle", false, "", null)]
    [InlineData("InTransaction", true, "rollback reset", "transaction open")]
    [InlineData("InTransaction", false, "rollback ", "transaction open")]
    [InlineData("ReaderOpen", true, "close reader,reset", "reader open")]
    [InlineData("ReaderOpen", false, "close reader", "reader open")]
    [InlineData("Busy", true, "cancel,close", "COPY running")]
    [InlineData("ClosedByHandler", true, "close", "disposed")]
    [InlineData("Broken", true, "close", null)]
    public async Task Take_back_reads_like_the_table_and_reports_the_handlers_bugs(string condition, bool reset, string calls, string? bug)
    {
        LiveConnection connection = await OpenAsync(new LifetimeSettings { SessionReset = reset });
        await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Condition = Enum.Parse<SessionCondition>(condition);
        await connection.TakeBackAsync(TimeLeft, "r");
        Assert.Equal(calls, string.Join(',', _factory.Current.Calls));
        Assert.Equal(calls.EndsWith("close", StringComparison.Ordinal) ? LifetimeState.Absent : LifetimeState.Idle, connection.State);
        if (bug is null)
            Assert.DoesNotContain("Bug in the handler", _log.Text, StringComparison.Ordinal);
        else
            Assert.Contains(_log.Lines, line => line.Contains(" WARN ", StringComparison.Ordinal) && line.Contains(bug, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_cannot_be_cleaned_is_discarded_and_the_next_invocation_opens_another(bool hangs)
    {
        LiveConnection connection = await OpenAsync();
        await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Server = hangs ? FakeSession.Hang : FakeSession.Fail;
        Task takingBack = connection.TakeBackAsync(TimeLeft, "r").AsTask();
        if (hangs)
            _time.Advance(TimeSpan.FromMilliseconds(500));
        await takingBack;
        Assert.Equal(LifetimeState.Absent, connection.State);
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal((ConnectionCheck.Reopened, 2), (loan.Facts.Check, loan.Facts.Opens));
    }

    [Theory]
    [InlineData(true, "reset")]
    [InlineData(false, "ping")]
    public async Task A_suspect_connection_is_verified_before_its_next_use(bool reset, string call)
    {
        LiveConnection connection = await OpenAsync(new LifetimeSettings { SessionReset = reset });
        await connection.LendAsync(TimeLeft, "r");
        connection.Suspect();
        await connection.TakeBackAsync(TimeLeft, "r");
        await connection.LendAsync(TimeLeft, "r");
        Assert.Equal([call], _factory.Current.Calls);
    }

    [Fact]
    public async Task An_abandoned_connection_is_cancelled_closed_and_never_lent_again()
    {
        LiveConnection connection = await OpenAsync();
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Condition = SessionCondition.Busy;
        await connection.AbandonAsync(TimeLeft, "r");
        Assert.Equal(["cancel", "close"], _factory.Current.Calls);
        Assert.NotSame(loan.Connection, (await connection.LendAsync(TimeLeft, "r")).Connection);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_hangs_near_the_deadline_is_given_half_of_what_is_left(bool handlerStillRuns)
    {
        LiveConnection connection = await OpenAsync();
        await connection.LendAsync(TimeLeft, "r");
        FakeSession session = _factory.Current;
        session.Condition = handlerStillRuns ? SessionCondition.Busy : SessionCondition.Idle;
        session.CancelHangs = true;
        session.Server = FakeSession.Hang;
        TimeSpan left = TimeSpan.FromMilliseconds(120);
        Task ending = handlerStillRuns ? connection.AbandonAsync(left, "r").AsTask() : connection.TakeBackAsync(left, "r").AsTask();
        _time.Advance(left / 2);
        await ending.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.Equal(LifetimeState.Absent, connection.State);
        Assert.Contains("abort", session.Calls);
    }

    [Fact]
    public async Task A_retry_counts_as_the_same_invocation()
    {
        LiveConnection connection = await OpenAsync();
        await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Condition = SessionCondition.Broken;
        Assert.True(connection.IsLost);
        await connection.TakeBackAsync(TimeLeft, "r");
        Loan loan = await connection.LendAsync(TimeLeft, "r", isRetry: true);
        Assert.Equal((1L, 1L, 2), (loan.Facts.Invocations, loan.Facts.ReusedFor, loan.Facts.Opens));
    }

    [Fact]
    public async Task Init_without_a_database_goes_on_and_the_first_invocation_opens_the_connection()
    {
        LiveConnection connection = Create(new LifetimeSettings { InitBudget = TimeSpan.FromMilliseconds(10) });
        _factory.FailWith(new SocketException((int)SocketError.ConnectionRefused));
        await connection.OpenInInitAsync(TimeSpan.FromMilliseconds(10));
        Assert.Equal(LifetimeState.Absent, connection.State);
        Assert.Contains("503", _log.Text, StringComparison.Ordinal);
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal((ConnectionCheck.Reopened, 1), (loan.Facts.Check, loan.Facts.Opens));
    }

    [Fact]
    public async Task Init_without_a_database_fails_where_that_is_asked_for()
    {
        LiveConnection connection = Create(new LifetimeSettings { StartWithoutDatabase = false });
        _factory.FailWith(new SocketException((int)SocketError.ConnectionRefused));
        DatabaseOpenException failure = await Assert.ThrowsAsync<DatabaseOpenException>(() => connection.OpenInInitAsync(TimeSpan.FromMilliseconds(10)));
        Assert.Equal((true, "NativeLambda.DatabaseUnavailable"), (failure.IsTransient, failure.ErrorType));
    }

    [Fact]
    public async Task A_reopen_that_fails_lends_nothing_and_the_next_invocation_tries_again()
    {
        LiveConnection connection = await OpenAsync();
        _factory.Current.Socket = SocketCondition.Dead;
        _factory.FailWith(new PostgresException("password authentication failed", "FATAL", "FATAL", SqlStates.InvalidPassword));
        await Assert.ThrowsAsync<DatabaseOpenException>(async () => await connection.LendAsync(TimeLeft, "r"));
        Assert.Equal(LifetimeState.Absent, connection.State);
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal((2, 2L), (loan.Facts.Opens, loan.Facts.Invocations));
    }

    [Fact]
    public async Task Dispose_closes_the_session_and_a_closed_connection_cannot_be_lent()
    {
        LiveConnection connection = await OpenAsync();
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        Assert.Equal(["close"], _factory.Current.Calls);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.LendAsync(TimeLeft, "r"));
    }
}
