using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Credentials;

/// <summary>
/// PostgreSQL cannot verify a token; but a role whose password is the token that another implementation made lets in only who sends
/// exactly that, in clear text inside TLS, as RDS asks for it.
/// </summary>
public sealed class IamTests : IAsyncLifetime
{
    private const string Role = "iam user";
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string SessionToken = "IQoJb3JpZ2luX2VjEXAMPLE//+=";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 30, 45, TimeSpan.Zero));
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresFixture.StartServerAsync(new PostgresServerOptions { Tls = PostgresTls.Required });
        string file = Path.Combine(_server.DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(file, $"hostssl all \"{Role}\" 127.0.0.1/32 password\n" + await File.ReadAllTextAsync(file));
        await ExecuteAsync("SELECT pg_reload_conf()");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Dictionary<string, string> Variables => new(_server.EnvironmentVariables)
    {
        ["PGUSER"] = Role,
        ["PGPASSWORD"] = "",
        ["NATIVELAMBDA_AUTH"] = "iam",
        ["AWS_REGION"] = "eu-central-1",
        ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
        ["AWS_SESSION_TOKEN"] = SessionToken,
    };

    [Fact]
    public async Task The_token_that_arrives_is_the_one_that_another_implementation_makes()
    {
        string token = await MakeTokenAsync();
        Assert.StartsWith($"{_server.Host}:{_server.Port}/?Action=connect&DBUser=iam%20user&", token, StringComparison.Ordinal);
        await ExecuteAsync($"CREATE ROLE \"{Role}\" LOGIN PASSWORD '{token}'");

        await using var stage = new CredentialStage(Variables, [], _time) { Secrets = { token, token[^64..], SecretKey, SessionToken } };
        await stage.OpenAsync();
        Assert.Equal(Role, await stage.InvokeAsync());
        Assert.Equal(0, stage.Refusals);

        // A second later it is another one: no token is kept from one open to the next.
        await _server.TerminateBackendsAsync(role: Role);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ExecuteAsync($"ALTER ROLE \"{Role}\" PASSWORD '{await MakeTokenAsync()}'");
        Assert.Equal(Role, await stage.InvokeAsync());
        Assert.Equal(0, stage.Refusals);
    }

    [Fact]
    public async Task A_token_that_is_refused_is_made_anew_once()
    {
        await ExecuteAsync($"CREATE ROLE \"{Role}\" LOGIN PASSWORD 'another'");
        await using var stage = new CredentialStage(Variables, [], _time) { Secrets = { SecretKey, SessionToken, "X-Amz-Signature" } };
        Assert.Contains("28P01", await stage.RefuseAsync(), StringComparison.Ordinal);
        Assert.Equal(1, stage.Refusals);
    }

    [Fact]
    public async Task Credentials_of_the_role_that_are_missing_are_named()
    {
        await ExecuteAsync($"CREATE ROLE \"{Role}\" LOGIN PASSWORD 'another'");
        await using var stage = new CredentialStage(Variables, [("AWS_SECRET_ACCESS_KEY", "")], _time);
        Assert.Contains("AWS_SECRET_ACCESS_KEY is not set", await stage.RefuseAsync(), StringComparison.Ordinal);
    }

    private async Task<string> MakeTokenAsync()
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                Path.Combine(Repository.Root, "tests", "NativeLambda.IntegrationTests", "Credentials", "rds-token.js"),
                _server.Host, _server.Port.ToString(CultureInfo.InvariantCulture), Role, "eu-central-1",
                _time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
            },
            RedirectStandardOutput = true,
        };
        foreach (string name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" })
            start.Environment[name] = Variables[name];
        using Process node = Process.Start(start)!;
        string token = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return token;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var admin = new NpgsqlConnection(_server.AdminConnectionString);
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync();
    }
}
