using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>A lock that holds statements of the function in the middle, and who waits for it.</summary>
internal sealed class BlockedStatements : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlConnection _holder;

    private BlockedStatements(TestDatabase database, NpgsqlConnection holder) => (_database, _holder) = (database, holder);

    /// <summary>Blocks every statement on the products, reads included.</summary>
    public static Task<BlockedStatements> OnTableAsync(TestDatabase database) => TakeAsync(database, "LOCK TABLE products IN ACCESS EXCLUSIVE MODE");

    /// <summary>Blocks writes of the products that are there.</summary>
    public static Task<BlockedStatements> OnRowsAsync(TestDatabase database) => TakeAsync(database, "SELECT FROM products FOR UPDATE");

    /// <summary>Blocks what an open transaction with this statement blocks.</summary>
    public static Task<BlockedStatements> ByAsync(TestDatabase database, string statement) => TakeAsync(database, statement);

    /// <summary>Waits until a backend of the function waits for the lock, other than one that has gone, and returns its process id.</summary>
    public async Task<int> WaitForBackendAsync(int other = 0)
    {
        int pid = 0;
        await Eventually.IsTrueAsync(async () => (pid = await WaitingAsync()) != 0 && pid != other);
        return pid;
    }

    /// <summary>Waits until no backend of the function waits for the lock any more.</summary>
    public Task WaitForNoneAsync() => Eventually.IsAsync(0, WaitingAsync);

    /// <summary>Terminates the backend that waits, when there is one other than one that has gone.</summary>
    public async Task<int> TerminateBackendAsync(int other = 0)
    {
        int pid = await WaitForBackendAsync(other);
        Assert.Equal(1, await _database.TerminateBackendsAsync());
        return pid;
    }

    /// <summary>Lets them go on.</summary>
    public async ValueTask DisposeAsync() => await _holder.DisposeAsync();

    private static async Task<BlockedStatements> TakeAsync(TestDatabase database, string sql)
    {
        var holder = new NpgsqlConnection(database.AdminConnectionString);
        await holder.OpenAsync();
#pragma warning disable CA2100 // A constant of a test.
        await using var command = new NpgsqlCommand("BEGIN; " + sql, holder);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return new BlockedStatements(database, holder);
    }

    private Task<int> WaitingAsync() => _database.QueryAsAdminAsync<int>(
        $"SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE usename = '{_database.Name}' AND wait_event_type = 'Lock'");
}
