using NativeLambda.Database;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;
using Npgsql.Internal;
using Npgsql.Internal.Postgres;

#pragma warning disable NPG9001 // This is the guard for what is internal by name.

namespace NativeLambda.IntegrationTests.Database;

/// <summary>The types that are named by hand, beside Npgsql's own table.</summary>
public sealed class CommonTypesTests(PostgresFixture postgres)
{
    private const string Columns =
        "SELECT 'ä'::text, 5::int8, 2.50::numeric, 3::int4, true, NULL::text, 7::int2, 'v'::varchar, date '2026-01-02', $1, $2, $3, $4, $5";

    [Fact]
    public async Task They_are_read_and_written_as_by_the_table_of_Npgsql()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        IReadOnlyList<string> byTable = await DescribeAsync(database, common: false);
        IReadOnlyList<string> byHand = await DescribeAsync(database, common: true);
        Assert.Contains("text System.String ä", byTable);
        Assert.Equal(byTable, byHand);
    }

    [Fact]
    public async Task A_type_that_does_not_fit_is_refused_as_by_the_table()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        foreach (bool common in new[] { false, true })
        {
            await using NpgsqlDataSource source = Create(database, common);
            await using NpgsqlCommand command = source.CreateCommand("SELECT 'ä'::text");
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Throws<InvalidCastException>(() => reader.GetInt64(0));
        }
    }

    [Fact]
    public async Task Nothing_of_them_is_asked_of_the_table_whose_making_would_cost_more_than_the_rest_of_a_first_statement()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        var behind = new Listener();
        await using NpgsqlDataSource source = Create(database, common: true, behind);
        await using (NpgsqlCommand command = source.CreateCommand("SELECT 'ä'::text, 5::int8, 2.50::numeric, 3::int4, true, NULL::text WHERE $1 <> $2::text AND $3 > 0 AND $4 > 0 AND $5 > 0"))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "a" });
            command.Parameters.Add(new NpgsqlParameter { Value = "b" });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 1 });
            command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = 1 });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1 });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
            _ = (reader.GetString(0), reader.GetInt64(1), reader.GetDecimal(2), reader.GetInt32(3), reader.GetBoolean(4), reader.IsDBNull(5), reader.GetValue(1));
        }

        Assert.Empty(behind.Asked);
        await using NpgsqlCommand other = source.CreateCommand("SELECT 7::int2");
        Assert.Equal((short)7, await other.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Contains(behind.Asked, static asked => asked.Contains("pg_catalog.int2", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> DescribeAsync(TestDatabase database, bool common)
    {
        await using NpgsqlDataSource source = Create(database, common);
        await using NpgsqlCommand command = source.CreateCommand(Columns);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "ö" });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = long.MaxValue });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = -12.340m });
        command.Parameters.Add(new NpgsqlParameter { Value = 9 });
        command.Parameters.Add(new NpgsqlParameter { Value = false });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        List<string> described = [.. Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetDataTypeName(i)} {reader.GetFieldType(i)} {reader.GetValue(i)}")];

        // A read into another type than the column's own goes on to the table.
        described.Add($"{reader.GetFieldValue<byte[]>(0).Length} {reader.GetChar(7)} {reader.GetFieldValue<int?>(3)} {reader.GetFieldValue<decimal?>(2)} {reader.GetFieldValue<object>(1)}");
        described.Add($"{reader.GetString(0)} {reader.GetInt64(1)} {reader.GetDecimal(2)} {reader.GetInt32(3)} {reader.GetBoolean(4)} {reader.IsDBNull(5)}");
        return described;
    }

    private static NpgsqlDataSource Create(TestDatabase database, bool common, PgTypeInfoResolverFactory? behind = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
#pragma warning disable CS0618 // As the library opens its connection.
            ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading,
#pragma warning restore CS0618
            Pooling = false,
        };
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        if (behind is not null)
            builder.AddTypeInfoResolverFactory(behind);
        if (common)
            builder.AddTypeInfoResolverFactory(new CommonTypes());
        return builder.Build();
    }

    /// <summary>Stands before the table, knows nothing, and remembers what it was asked for.</summary>
    private sealed class Listener : PgTypeInfoResolverFactory, IPgTypeInfoResolver
    {
        public List<string> Asked { get; } = [];

        public override IPgTypeInfoResolver CreateResolver() => this;

        public override IPgTypeInfoResolver? CreateArrayResolver() => null;

        public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options)
        {
            Asked.Add($"{dataTypeName} as {type}");
            return null;
        }
    }
}
