using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Shutdown;

/// <summary>A product whose row is locked: a movement of it waits at the server until this is disposed.</summary>
internal sealed class LockedProduct : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlConnection _holder;

    private LockedProduct(TestDatabase database, NpgsqlConnection holder)
    {
        _database = database;
        _holder = holder;
    }

    public string Movements => "/products/locked/movements";

    public static async Task<LockedProduct> CreateAsync(TestDatabase database)
    {
        var holder = new NpgsqlConnection(database.AdminConnectionString);
        await holder.OpenAsync();
        foreach (string statement in new[]
                 {
                     "INSERT INTO products (id, name, price) VALUES ('locked', 'Locked', 1)", "BEGIN", "SELECT 1 FROM products FOR UPDATE",
                 })
        {
            await using var command = new NpgsqlCommand(statement, holder);
            await command.ExecuteNonQueryAsync();
        }

        return new LockedProduct(database, holder);
    }

    /// <summary>Waits until that many sessions of the function wait for the lock.</summary>
    public Task WaitersAsync(int count) => Eventually.IsAsync((long)count, () => _database.QueryAsAdminAsync<long>(
        $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_database.Name}' AND usename = '{_database.Name}' AND wait_event_type = 'Lock'"));

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
