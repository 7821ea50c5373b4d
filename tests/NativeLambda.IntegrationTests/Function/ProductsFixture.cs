using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Function;

/// <summary>A server with the schema of the products API, and connections as <c>bootstrap</c> makes them.</summary>
public sealed class ProductsFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private NpgsqlDataSource? _source;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        var builder = new NpgsqlSlimDataSourceBuilder(_server.ConnectionString);
#pragma warning disable CS0618 // As bootstrap has it: without a query of the server's types.
        builder.ConnectionStringBuilder.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading;
#pragma warning restore CS0618
        builder.EnableTransportSecurity();
        _source = builder.Build();

        // Twice, for it must be idempotent.
        string schema = await File.ReadAllTextAsync(Repository.Schema);
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        for (int i = 0; i < 2; i++)
        {
            await using var command = new NpgsqlCommand(schema, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    internal async Task<ProductsClient> ConnectAsync() => new(await _source!.OpenConnectionAsync());

    internal async Task<ProductsClient[]> ConnectAsync(int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectAsync()));
}
