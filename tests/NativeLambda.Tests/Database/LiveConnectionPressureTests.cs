using Microsoft.Extensions.Time.Testing;
using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class LiveConnectionPressureTests : IDisposable
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSessionFactory _factory = new();
    private readonly LogRecorder _log;

    public LiveConnectionPressureTests() => _log = new LogRecorder(_time);

    public void Dispose() => _log.Dispose();

    private async Task<LiveConnection> OpenAsync(ServerSettings? server = null)
    {
        DatabaseSettings settings = TestSettings.With(null) with { Server = server ?? new ServerSettings() };
        var connection = new LiveConnection(settings, new StartupGuards(settings.Server, _log.Log), _factory, _time, new Random(1), _log.Log);
        await connection.OpenInInitAsync(TimeSpan.FromSeconds(8));
        return connection;
    }

    private async Task ServeAsync(LiveConnection connection, int used)
    {
        await connection.LendAsync(TimeLeft, "r");
        FakeSession session = _factory.Current;
        session.Load = new ServerLoad(used, 100, session.BackendPid, 0);
        await connection.TakeBackAsync(TimeLeft, "r");
    }

    [Fact]
    public async Task The_server_is_asked_at_the_first_take_back_and_then_every_few_seconds_in_the_flight_of_the_reset()
    {
        LiveConnection connection = await OpenAsync();
        await ServeAsync(connection, used: 10);
        await ServeAsync(connection, used: 10);
        Assert.Single(_factory.Current.LoadStatements);
        _time.Advance(TimeSpan.FromSeconds(5));
        await ServeAsync(connection, used: 10);
        Assert.Equal(2, _factory.Current.LoadStatements.Count);
        Assert.Equal(["reset", "reset", "ping", "reset"], _factory.Current.Calls);
    }

    [Fact]
    public async Task Under_pressure_every_take_back_asks_again_and_the_connection_is_kept()
    {
        LiveConnection connection = await OpenAsync();
        await ServeAsync(connection, used: 85);
        await ServeAsync(connection, used: 85);
        await ServeAsync(connection, used: 85);
        Assert.Equal(3, _factory.Current.LoadStatements.Count);
        Assert.Equal(LifetimeState.Idle, connection.State);
    }

    [Fact]
    public async Task Close_to_full_the_connection_is_closed_before_the_freeze_and_opened_at_the_next_invocation()
    {
        LiveConnection connection = await OpenAsync();
        await ServeAsync(connection, used: 97);
        Assert.Equal(LifetimeState.Absent, connection.State);
        Assert.Equal(["reset", "close"], _factory.Opened[0].Calls);
        Assert.Contains("97 of 100 slots", _log.Text, StringComparison.Ordinal);
        Loan loan = await connection.LendAsync(TimeLeft, "r");
        Assert.Equal((ConnectionCheck.Reopened, 2), (loan.Facts.Check, loan.Facts.Opens));
    }

    [Fact]
    public async Task Who_was_refused_a_slot_leaves_its_own_before_the_freeze_for_a_minute_while_slots_are_short()
    {
        _factory.FailWith(new PostgresException("no", "FATAL", "FATAL", SqlStates.TooManyConnections));
        Task<LiveConnection> opening = OpenAsync();
        await _time.PassUntilEndOfAsync(opening);
        LiveConnection connection = await opening;
        await ServeAsync(connection, used: 1);
        Assert.Equal(LifetimeState.Absent, connection.State);
        Assert.Equal(["close"], _factory.Opened[0].Calls);
        _time.Advance(TimeSpan.FromSeconds(59));
        await ServeAsync(connection, used: 85);
        Assert.Equal(LifetimeState.Absent, connection.State);
        _time.Advance(TimeSpan.FromSeconds(2));
        await ServeAsync(connection, used: 85);
        Assert.Equal(LifetimeState.Idle, connection.State);
    }

    [Fact]
    public async Task Who_was_refused_for_another_reason_keeps_its_connection_as_the_others_do()
    {
        _factory.FailWith(new PostgresException("no", "FATAL", "FATAL", SqlStates.CannotConnectNow));
        Task<LiveConnection> opening = OpenAsync();
        await _time.PassUntilEndOfAsync(opening);
        LiveConnection connection = await opening;
        await ServeAsync(connection, used: 85);
        Assert.Equal(LifetimeState.Idle, connection.State);
    }

    [Fact]
    public async Task Behind_a_pooler_take_back_is_silent()
    {
        LiveConnection connection = await OpenAsync(new ServerSettings { Profile = ServerProfile.PgBouncer });
        await ServeAsync(connection, used: 97);
        Assert.Empty(_factory.Current.Calls);
        Assert.Equal(LifetimeState.Idle, connection.State);
    }

    [Fact]
    public async Task Behind_a_pooler_an_open_transaction_is_rolled_back_all_the_same()
    {
        LiveConnection connection = await OpenAsync(new ServerSettings { Profile = ServerProfile.RdsProxy });
        await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Condition = SessionCondition.InTransaction;
        await connection.TakeBackAsync(TimeLeft, "r");
        Assert.Equal(["rollback "], _factory.Current.Calls);
    }

    [Fact]
    public async Task A_pooler_that_gives_itself_away_is_left_alone_from_then_on()
    {
        LiveConnection connection = await OpenAsync();
        await connection.LendAsync(TimeLeft, "r");
        _factory.Current.Load = new ServerLoad(97, 100, BackendPid: 1, 0);
        await connection.TakeBackAsync(TimeLeft, "r");
        await ServeAsync(connection, used: 97);
        Assert.Equal(["reset"], _factory.Current.Calls);
        Assert.Equal(LifetimeState.Idle, connection.State);
    }

    [Fact]
    public async Task A_connection_to_a_server_without_writes_is_replaced()
    {
        LiveConnection connection = await OpenAsync();
        await connection.LendAsync(TimeLeft, "r");
        connection.Misplaced();
        await connection.TakeBackAsync(TimeLeft, "r");
        Assert.Equal(LifetimeState.Absent, connection.State);
        await ServeAsync(connection, used: 1);
        Assert.Equal(LifetimeState.Idle, connection.State);
    }
}
