using System.Text.Json;
using System.Text.RegularExpressions;
using NativeLambda.Emulator.Postgres;
using Npgsql;

namespace NativeLambda.IntegrationTests.Deploy;

/// <summary>The parameter group of the template, on a real server: RDS takes PostgreSQL's own names, units and values.</summary>
public sealed partial class DatabaseParametersTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_takes_every_parameter_and_means_by_it_what_the_template_does()
    {
        InfrastructureCheck.SkipUnlessInstalled();
        Dictionary<string, string> parameters = await ReadAsync();
        var own = parameters.Where(parameter => !parameter.Key.StartsWith("rds.", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(["rds.force_ssl"], parameters.Keys.Except(own.Keys));
        // The embedded server has its own mind about one of them.
        var given = own.Where(parameter => parameter.Key != "password_encryption").ToDictionary();
        await using PostgresServer server = await PostgresServer.StartAsync(new() { Settings = given }, Cancellation);
        await using var connection = new NpgsqlConnection(server.AdminConnectionString);
        await connection.OpenAsync(Cancellation);

        Assert.Equal("5min", await ShowAsync(connection, "idle_session_timeout"));
        Assert.Equal("1min", await ShowAsync(connection, "idle_in_transaction_session_timeout"));
        Assert.Equal("15min", await ShowAsync(connection, "statement_timeout"));
        Assert.Equal("10s", await ShowAsync(connection, "client_connection_check_interval"));
        await using (var command = new NpgsqlCommand($"SET password_encryption = '{own["password_encryption"]}'", connection))
            await command.ExecuteNonQueryAsync(Cancellation);
        Assert.Equal("100", await ShowAsync(connection, "max_connections"));
        // Only this one takes a restart, which the module says of it.
        Assert.Equal(["max_connections"], await FindStaticAsync(connection, [.. own.Keys]));
    }

    [Fact]
    public async Task The_module_sets_the_same_parameters()
    {
        InfrastructureCheck.SkipUnlessInstalled();
        Dictionary<string, string> template = await ReadAsync();
        string module = await File.ReadAllTextAsync(Path.Combine(InfrastructureCheck.Module, "database.tf"), Cancellation);
        Assert.Contains("name         = \"max_connections\"\n    value        = var.max_connections\n    apply_method = \"pending-reboot\"", module, StringComparison.Ordinal);
        var set = ParameterPattern().Matches(module[module.IndexOf("database_parameters = {", StringComparison.Ordinal)..module.IndexOf("\n  }\n}", StringComparison.Ordinal)]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Equal(template.Keys.Except(["max_connections"]).Order(), set.Keys.Order());
        foreach ((string name, string value) in set.Where(parameter => !parameter.Value.StartsWith("var.", StringComparison.Ordinal)))
            Assert.Equal($"\"{template[name]}\"", value);
    }

    /// <summary>Names and values, those that stand in the template's parameters included.</summary>
    private static async Task<Dictionary<string, string>> ReadAsync()
    {
        JsonElement template = await InfrastructureCheck.ResolveTemplateAsync();
        JsonElement defaults = template.GetProperty("Values");
        JsonElement group = template.GetProperty("Resources").GetProperty("DatabaseParameters").GetProperty("Properties").GetProperty("Parameters");
        return group.EnumerateObject().ToDictionary(
            parameter => parameter.Name,
            parameter => parameter.Value.ValueKind == JsonValueKind.Object
                ? defaults.GetProperty(parameter.Value.GetProperty("Ref").GetString()!).GetString()!
                : parameter.Value.GetString()!);
    }

    private static async Task<string> ShowAsync(NpgsqlConnection connection, string name)
    {
        await using var command = new NpgsqlCommand($"SHOW {name}", connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Those that take a restart; all of them are there.</summary>
    private static async Task<List<string>> FindStaticAsync(NpgsqlConnection connection, string[] names)
    {
        await using var command = new NpgsqlCommand("SELECT name, context = 'postmaster' FROM pg_settings WHERE name = ANY($1)", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = names } },
        };
        var settings = new Dictionary<string, bool>();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            settings.Add(reader.GetString(0), reader.GetBoolean(1));
        Assert.Equal(names.Order(), settings.Keys.Order());
        return [.. settings.Where(setting => setting.Value).Select(setting => setting.Key)];
    }

    [GeneratedRegex("""^    "?([a-z_.]+)"? += (?!\{)(.+)$""", RegexOptions.Multiline)]
    private static partial Regex ParameterPattern();
}
