using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Faults;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Samples;

/// <summary>A function of samples/ as it is built, on a database of its own with its tables, frozen between its invocations.</summary>
internal sealed class SampleFunction : IAsyncDisposable
{
    /// <summary>A folder with a folder for each sample that was compiled ahead of time, to be tested instead of what the build made.</summary>
    private const string PublishedVariable = "NATIVELAMBDA_SAMPLES";

    private SampleFunction(TestDatabase database, FrozenFunction function) => (Database, Function) = (database, function);

    /// <summary>The database.</summary>
    public TestDatabase Database { get; }

    /// <summary>The function.</summary>
    public FrozenFunction Function { get; }

    /// <summary>Starts it.</summary>
    /// <param name="postgres">Where its database is made.</param>
    /// <param name="sample">The folder in samples/.</param>
    /// <param name="timeout">The function's timeout; 30 s without.</param>
    public static async Task<SampleFunction> StartAsync(PostgresFixture postgres, string sample, TimeSpan? timeout = null)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string bootstrap = Environment.GetEnvironmentVariable(PublishedVariable) is { Length: > 0 } published
            ? Path.Combine(published, sample, "bootstrap")
            : Path.Combine(Repository.Root, "artifacts", "bin", sample, configuration, "bootstrap");
        TestDatabase database = await CreateDatabaseAsync(postgres, sample);
        FrozenFunction? function = null;
        try
        {
            function = await FrozenFunction.CreateAsync(bootstrap, database.EnvironmentVariables(), timeout, Deadlines.Margin);
            await function.InitializeAsync();
            return new SampleFunction(database, function);
        }
        catch
        {
            if (function is not null) await function.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>A database with the tables of a sample, which belong to its role.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync(PostgresFixture postgres, string sample)
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // A file of the repository.
        await using var command = new NpgsqlCommand(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", sample, "schema.sql")), connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return database;
    }

    /// <summary>Invokes it with an event; it must not fail.</summary>
    public async Task<JsonElement> InvokeAsync(string json)
    {
        InvokeResult result = await Function.InvokeAsync(Encoding.UTF8.GetBytes(json));
        Assert.True(result.FunctionError is null, result.PayloadText);
        return JsonElement.Parse(result.PayloadText);
    }

    public async ValueTask DisposeAsync()
    {
        await Function.DisposeAsync();
        await Database.DisposeAsync();
    }
}
