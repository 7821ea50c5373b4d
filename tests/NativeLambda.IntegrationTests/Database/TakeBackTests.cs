using System.Globalization;
using CsCheck;
using NativeLambda.Database;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.IntegrationTests.Database;

/// <summary>Whatever a handler did to the connection, the next one gets a clean session, and a frozen environment holds nothing.</summary>
public sealed class TakeBackTests(PostgresFixture postgres)
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Names() => [.. Misbehaviours.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task After_a_handler_that_misbehaves_the_next_invocation_is_clean(string name)
    {
        await using Stage stage = await Stage.SetAsync(postgres);
        await stage.MisbehaveAsync(name);
        await stage.AssertNextIsCleanAsync();
    }

    [Fact]
    public async Task After_any_sequence_of_misbehaviours_the_next_invocation_is_clean()
    {
        string[] names = [.. Misbehaviours.All.Keys];
        await Gen.Int[0, names.Length - 1].Array[1, 5].SampleAsync(
            async sequence =>
            {
                await using Stage stage = await Stage.SetAsync(postgres);
                foreach (int index in sequence)
                {
                    await stage.MisbehaveAsync(names[index]);
                }

                await stage.AssertNextIsCleanAsync();
            },
            iter: 40, threads: 1);
    }

    /// <summary>250 in the suite; <c>NATIVELAMBDA_MISBEHAVIOURS</c> asks for another number, <c>NATIVELAMBDA_SEED</c> for the same ones.</summary>
    [Fact]
    public async Task However_many_handlers_misbehave_on_one_connection_each_next_one_is_clean()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("NATIVELAMBDA_MISBEHAVIOURS") ?? "250", CultureInfo.InvariantCulture);
        int seed = int.Parse(Environment.GetEnvironmentVariable("NATIVELAMBDA_SEED") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var random = new Random(seed);
        string[] names = [.. Misbehaviours.All.Keys];
        await using Stage stage = await Stage.SetAsync(postgres);
        for (int i = 1; i <= count; i++)
        {
            string name = names[random.Next(names.Length)];
            try
            {
                await stage.MisbehaveAsync(name);
                await stage.AssertNextIsCleanAsync();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"After misbehaviour {i} of seed {seed}, a handler that {name}, the next one was not clean.", exception);
            }
        }
    }

    [Theory]
    [InlineData("leaves a transaction of the API open", "transaction open")]
    [InlineData("leaves a raw BEGIN open", "transaction open")]
    [InlineData("leaves a failed transaction", "transaction open")]
    [InlineData("begins a transaction and sends nothing in it", "transaction open")]
    [InlineData("leaves a reader open", "reader open")]
    [InlineData("leaves a COPY half done", "COPY running")]
    [InlineData("leaves a statement running", "statement")]
    [InlineData("disposes the connection", "disposed")]
    [InlineData("replaces the connection", "replaced")]
    public async Task The_handlers_bug_is_named_in_the_log(string name, string bug)
    {
        await using Stage stage = await Stage.SetAsync(postgres);
        await stage.MisbehaveAsync(name);
        Assert.Contains("Bug in the handler", stage.Log, StringComparison.Ordinal);
        Assert.Contains(bug, stage.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("behaves")]
    [InlineData("leaves a transaction of the API open")]
    [InlineData("leaves a failed transaction")]
    [InlineData("leaves a reader open in a transaction")]
    [InlineData("changes settings")]
    [InlineData("makes a temporary table")]
    [InlineData("takes an advisory lock")]
    public async Task What_can_be_cleaned_is_cleaned_on_the_same_backend(string name)
    {
        await using Stage stage = await Stage.SetAsync(postgres);
        Loan first = await stage.MisbehaveAsync(name);
        Loan second = await stage.Connection.LendAsync(TimeLeft, "r2");
        Assert.Equal((first.Facts.BackendPid, 2L), (second.Facts.BackendPid, second.Facts.ReusedFor));
    }

    [Fact]
    public async Task A_prepared_statement_survives_the_reset()
    {
        await using Stage stage = await Stage.SetAsync(postgres);
        Loan loan = await stage.Connection.LendAsync(TimeLeft, "r1");
        await using (var command = new NpgsqlCommand("SELECT count(*) FROM left_behind", loan.Connection))
        {
            await command.PrepareAsync();
            await command.ExecuteScalarAsync();
        }

        await stage.Connection.TakeBackAsync(TimeLeft, "r1");
        loan = await stage.Connection.LendAsync(TimeLeft, "r2");
        await using var prepared = new NpgsqlCommand("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%left_behind%' AND name <> ''", loan.Connection);
        Assert.Equal(1L, await prepared.ExecuteScalarAsync());
        await using var again = new NpgsqlCommand("SELECT count(*) FROM left_behind", loan.Connection);
        Assert.Equal(0L, await again.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_transaction_object_that_a_handler_kept_cannot_touch_the_next_handlers_transaction()
    {
        await using Stage stage = await Stage.SetAsync(postgres);
        Loan loan = await stage.Connection.LendAsync(TimeLeft, "r1");
        NpgsqlTransaction kept = await loan.Connection.BeginTransactionAsync();
        await stage.Connection.TakeBackAsync(TimeLeft, "r1");

        loan = await stage.Connection.LendAsync(TimeLeft, "r2");
        await using NpgsqlTransaction own = await loan.Connection.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand("INSERT INTO left_behind VALUES (7)", loan.Connection))
            await insert.ExecuteNonQueryAsync();
        await kept.DisposeAsync();
        await own.CommitAsync();
        Assert.Equal(1L, await stage.CountAsync("SELECT count(*) FROM left_behind"));
    }

    /// <summary>A database with one table, and a live connection to it.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly MemoryStream _log = new();
        private TestDatabase _database = null!;

        public LiveConnection Connection { get; private set; } = null!;

        public string Log => System.Text.Encoding.UTF8.GetString(_log.ToArray());

        public static async Task<Stage> SetAsync(PostgresFixture postgres)
        {
            var stage = new Stage { _database = await postgres.CreateDatabaseAsync() };
            Dictionary<string, string> variables = stage._database.EnvironmentVariables();
            DatabaseSettings settings = DatabaseSettings.FromVariables(name => variables.GetValueOrDefault(name));
            await stage._database.ExecuteAsAdminAsync($"CREATE TABLE left_behind (n int); GRANT ALL ON left_behind TO {settings.Connection.User}; GRANT pg_read_all_settings TO {settings.Connection.User}");
            var log = new LambdaLog(stage._log, TimeProvider.System, json: false, LogLevel.Debug);
            var guards = new StartupGuards(settings.Server, log);
            stage.Connection = new LiveConnection(
                settings, guards, new NpgsqlSessionFactory(settings, guards, configure: null), TimeProvider.System, Random.Shared, log);
            await stage.Connection.OpenInInitAsync(settings.Lifetime.InitBudget);
            return stage;
        }

        public Task<long> CountAsync(string sql) => _database.QueryAsAdminAsync<long>(sql);

        /// <summary>An invocation whose handler does what its name says.</summary>
        public async Task<Loan> MisbehaveAsync(string name)
        {
            Loan loan = await Connection.LendAsync(TimeLeft, "r1");
            await Misbehaviours.All[name](loan.Connection);
            await Connection.TakeBackAsync(TimeLeft, "r1");
            return loan;
        }

        /// <summary>Nothing is left of the last invocation: not as others see it, and not as the next one does.</summary>
        public async Task AssertNextIsCleanAsync()
        {
            await AssertNothingIsHeldAsync();
            Loan loan = await Connection.LendAsync(TimeLeft, "r2");
            await AssertCleanAsync(loan.Connection);
            await Connection.TakeBackAsync(TimeLeft, "r2");
        }

        /// <summary>Seen from another session, as the rest of the world sees a frozen environment.</summary>
        public async Task AssertNothingIsHeldAsync()
        {
            // A backend whose connection was closed takes a moment to end, and with it what it held.
            const string Held =
                """
                SELECT (SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND l.locktype IN ('advisory', 'relation'))
                     + (SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle')
                     + (SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname = 'left_behind')
                """;
            await Eventually.IsAsync(0L, () => CountAsync(Held));
            Assert.Equal(0L, await CountAsync("SELECT count(*) FROM left_behind"));
        }

        public static async Task AssertCleanAsync(NpgsqlConnection connection)
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT concat_ws(',',
                    current_setting('statement_timeout'), current_setting('search_path'), current_setting('TimeZone') <> 'Asia/Tokyo',
                    current_setting('transaction_read_only'), current_user = session_user, pg_is_in_recovery(),
                    (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors WHERE name = 'left_behind'),
                    (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
                    to_regclass('left_behind')::text)
                """,
                connection);
            Assert.Equal("15min,\"$user\", public,t,off,t,f,0,0,0,left_behind", await command.ExecuteScalarAsync());

            // A transaction of one's own, a reader of one's own, a notice that nobody else hears.
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using (var notice = new NpgsqlCommand("DO $$ BEGIN RAISE NOTICE 'hello'; END $$", connection))
                await notice.ExecuteNonQueryAsync();
            await using (var insert = new NpgsqlCommand("INSERT INTO left_behind VALUES (2)", connection))
                Assert.Equal(1, await insert.ExecuteNonQueryAsync());
            await transaction.RollbackAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Connection.DisposeAsync();
            await _database.DisposeAsync();
            await _log.DisposeAsync();
        }
    }
}
