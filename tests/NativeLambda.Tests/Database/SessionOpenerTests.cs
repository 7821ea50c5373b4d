using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class SessionOpenerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly FakeSessionFactory _factory = new();
    private readonly LogRecorder _log;
    private readonly SessionOpener _opener;

    public SessionOpenerTests()
    {
        _log = new LogRecorder(_time);
        _opener = new SessionOpener(_factory, TestSettings.With(null), _time, new Random(1), _log.Log);
    }

    public void Dispose() => _log.Dispose();

    private static PostgresException Refused(string sqlState) => new("no", "FATAL", "FATAL", sqlState);

    public static TheoryData<Exception> Transient() =>
    [
        Refused(SqlStates.TooManyConnections),
        Refused(SqlStates.CannotConnectNow),
        Refused("08006"),
        new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)),
        new NpgsqlException("Failed to connect", new SocketException((int)SocketError.HostNotFound)),
        new NpgsqlException("The operation has timed out", new TimeoutException()),
        new OperationCanceledException(),
        new NpgsqlException("Exception while reading from stream", new IOException()),
    ];

    public static TheoryData<Exception, string> Permanent() => new()
    {
        { Refused(SqlStates.InvalidPassword), "28P01" },
        { Refused(SqlStates.InvalidAuthorization), "28000" },
        { Refused(SqlStates.InvalidCatalogName), "3D000" },
        { Refused(SqlStates.InsufficientPrivilege), "42501" },
        { new NpgsqlException("Exception while performing SSL handshake", new AuthenticationException("The remote certificate was rejected.")), "PGSSLROOTCERT" },
        { new ArgumentException("bad keyword"), "ArgumentException" },
    };

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task A_transient_failure_is_tried_again_within_the_budget(Exception failure)
    {
        _factory.FailWith(failure, failure);
        Task<OpenedSession> opening = _opener.OpenAsync(TimeSpan.FromSeconds(8), null);
        await _time.PassUntilEndOfAsync(opening);
        OpenedSession opened = await opening;
        Assert.Equal(3, _factory.Attempts);
        Assert.InRange(opened.Duration, RetryDelay.Shortest * 2, TimeSpan.FromSeconds(8));
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task A_transient_failure_that_outlasts_the_budget_ends_within_it(Exception failure)
    {
        _factory.FailWith([.. Enumerable.Repeat(failure, 10_000)]);
        long start = _time.GetTimestamp();
        Task<OpenedSession> opening = _opener.OpenAsync(TimeSpan.FromSeconds(8), null);
        await _time.PassUntilEndOfAsync(opening);
        DatabaseOpenException thrown = await Assert.ThrowsAsync<DatabaseOpenException>(() => opening);
        Assert.True(thrown.IsTransient);
        Assert.InRange(_time.GetElapsedTime(start), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(8));
        Assert.InRange(_factory.Attempts, 8, 100);
    }

    [Theory]
    [MemberData(nameof(Permanent))]
    public async Task A_permanent_failure_is_not_tried_again_and_says_where_and_why(Exception failure, string reason)
    {
        _factory.FailWith(failure);
        DatabaseOpenException thrown = await Assert.ThrowsAsync<DatabaseOpenException>(() => _opener.OpenAsync(TimeSpan.FromSeconds(8), null));
        Assert.False(thrown.IsTransient);
        Assert.Equal(1, _factory.Attempts);
        Assert.Same(failure, thrown.InnerException);
        foreach (string part in new[] { "host db.example", "port 5432", "database products", "user app", reason })
            Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSettings.Password, thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SqlStates.InvalidPassword)]
    [InlineData(SqlStates.InvalidAuthorization)]
    public async Task Refused_credentials_are_refreshed_and_tried_again_at_once(string sqlState)
    {
        _factory.CanRefresh = true;
        _factory.FailWith(Refused(sqlState));
        // The clock stands still: a wait would never end.
        OpenedSession opened = await _opener.OpenAsync(TimeSpan.FromSeconds(8), "request");
        Assert.Equal((2, 1, TimeSpan.Zero), (_factory.Attempts, _factory.Refreshes, opened.Duration));
        string line = Assert.Single(_log.Lines);
        Assert.Contains(sqlState, line, StringComparison.Ordinal);
        Assert.Contains("request INFO", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_refreshed_once_and_a_second_refusal_is_permanent()
    {
        _factory.CanRefresh = true;
        _factory.FailWith(Refused(SqlStates.InvalidPassword), Refused(SqlStates.InvalidPassword));
        DatabaseOpenException thrown = await Assert.ThrowsAsync<DatabaseOpenException>(() => _opener.OpenAsync(TimeSpan.FromSeconds(8), null));
        Assert.False(thrown.IsTransient);
        Assert.Equal((2, 1), (_factory.Attempts, _factory.Refreshes));
    }

    [Fact]
    public async Task The_next_open_may_refresh_again()
    {
        _factory.CanRefresh = true;
        _factory.FailWith(Refused(SqlStates.InvalidPassword));
        await _opener.OpenAsync(TimeSpan.FromSeconds(8), null);
        _factory.FailWith(Refused(SqlStates.InvalidPassword));
        await _opener.OpenAsync(TimeSpan.FromSeconds(8), null);
        Assert.Equal((4, 2), (_factory.Attempts, _factory.Refreshes));
    }

    [Fact]
    public async Task Other_refusals_do_not_refresh_credentials()
    {
        _factory.CanRefresh = true;
        _factory.FailWith(Refused(SqlStates.InvalidCatalogName));
        await Assert.ThrowsAsync<DatabaseOpenException>(() => _opener.OpenAsync(TimeSpan.FromSeconds(8), null));
        Assert.Equal(0, _factory.Refreshes);
    }

    [Fact]
    public async Task A_failure_that_teaches_something_is_followed_by_another_attempt_at_once()
    {
        PostgresException refusal = Refused("08P01");
        _factory.FailWith(refusal);
        _factory.Adapts = failure => failure == refusal;
        OpenedSession opened = await _opener.OpenAsync(TimeSpan.FromSeconds(8), null);
        Assert.Equal((2, TimeSpan.Zero), (_factory.Attempts, opened.Duration));
    }

    [Fact]
    public async Task An_attempt_that_does_not_react_to_its_limit_is_given_up_and_closed_should_it_succeed_after_all()
    {
        var silence = new TaskCompletionSource();
        _factory.Silence = silence.Task;
        Task<OpenedSession> opening = _opener.OpenAsync(TimeSpan.FromSeconds(1), null);
        await _time.PassUntilEndOfAsync(opening);
        DatabaseOpenException thrown = await Assert.ThrowsAsync<DatabaseOpenException>(() => opening);
        Assert.True(thrown.IsTransient);
        Assert.Empty(_factory.Opened);
        silence.SetResult();
        Assert.True(Assert.Single(_factory.Opened).IsClosed);
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_and_fails_later_is_a_line_in_the_log()
    {
        var silence = new TaskCompletionSource();
        _factory.Silence = silence.Task;
        _factory.FailWith(Refused(SqlStates.CannotConnectNow));
        Task<OpenedSession> opening = _opener.OpenAsync(TimeSpan.FromSeconds(1), null);
        await _time.PassUntilEndOfAsync(opening);
        await Assert.ThrowsAsync<DatabaseOpenException>(() => opening);
        silence.SetResult();
        Assert.Contains("given up", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_that_the_end_of_the_budget_cuts_short_does_not_hide_why_the_one_before_it_failed()
    {
        _factory.FailWith([Refused(SqlStates.CannotConnectNow), .. Enumerable.Repeat(new OperationCanceledException(), 100)]);
        // Longer than the first wait can be, and shorter than an attempt may take.
        Task<OpenedSession> opening = _opener.OpenAsync(RetryDelay.Shortest * 3.1, null);
        await _time.PassUntilEndOfAsync(opening);
        DatabaseOpenException thrown = await Assert.ThrowsAsync<DatabaseOpenException>(() => opening);
        Assert.InRange(_factory.Attempts, 2, 4);
        Assert.Contains("57P03", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_the_new_credentials_in_the_rest_of_the_budget_has_not_refused_them()
    {
        _factory.CanRefresh = true;
        _factory.FailWith([Refused(SqlStates.InvalidPassword), .. Enumerable.Repeat(new OperationCanceledException(), 100)]);
        Task<OpenedSession> opening = _opener.OpenAsync(TimeSpan.FromSeconds(1), null);
        await _time.PassUntilEndOfAsync(opening);
        DatabaseOpenException thrown = await Assert.ThrowsAsync<DatabaseOpenException>(() => opening);
        Assert.True(thrown.IsTransient);
        Assert.Contains("no answer", thrown.Message, StringComparison.Ordinal);
    }
}
