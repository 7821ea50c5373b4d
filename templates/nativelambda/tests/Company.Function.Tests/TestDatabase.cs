using System.Globalization;
using System.Security.Cryptography;
using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace Company.Function.Tests;

/// <summary>A schema of the run's own in the PostgreSQL that TEST_DATABASE names, with the function's table in it.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private static readonly string? ConnectionString = Environment.GetEnvironmentVariable("TEST_DATABASE");

    private readonly string _schema = $"test_{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private NpgsqlConnection? _connection;

    public async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(ConnectionString)) return;
        _connection = new NpgsqlConnection(ConnectionString);
        await _connection.OpenAsync();
        await ExecuteAsync($"CREATE SCHEMA {_schema}; SET search_path = {_schema}");
        await ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schema.sql")));
    }

    /// <summary>Runs the function with a request, as an invocation does. Skips the test where there is no database.</summary>
    internal async Task<HttpResponse> SendAsync(HttpRequest request)
    {
        Assert.SkipUnless(_connection is not null, "TEST_DATABASE names no PostgreSQL, as in Host=localhost;Username=postgres;Password=…");
        return await NotesApi.CreateRouter().HandleAsync(request, _connection!, CreateContext(), TestContext.Current.CancellationToken);
    }

    /// <summary>An invocation that has plenty of time.</summary>
    internal static InvocationContext CreateContext()
    {
        DateTimeOffset deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        var invocation = new Invocation { RequestId = Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture), DeadlineUnixMs = deadline.ToUnixTimeMilliseconds() };
        return new InvocationContext(invocation, default(ConnectionFacts), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null) return;
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE");
        await _connection.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
