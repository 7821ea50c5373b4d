using System.Diagnostics;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;
using Npgsql;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>
/// <c>dotnet new nativelambda</c>, as somebody has it who has no clone: from the packages alone, with folders of its own for templates and
/// packages.
/// </summary>
[Collection(PackagingGroup.Name)]
public sealed class TemplateTests(LibraryPackages packages, PostgresFixture postgres) : IDisposable
{
    /// <summary>Set to 1, the function is compiled ahead of time as well, which takes a minute of a processor.</summary>
    private const string AotVariable = "NATIVELAMBDA_TEMPLATE_AOT";

    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    private string Solution => Path.Combine(_directory, "Shop.Notes");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_makes_a_function_whose_tests_pass_in_one_command_and_that_answers()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        await MakeAsync("--architecture", "arm64");
        await AssertNamesAsync();
        AssertLambdaToolsRead("arm64");

        AssertCounts(await DotnetAsync(Solution, [("TEST_DATABASE", database.ConnectionString)], "test"), succeeded: 6, skipped: 0);
        AssertCounts(await DotnetAsync(Solution, [("TEST_DATABASE", "")], "test", "--no-build"), succeeded: 4, skipped: 2);
        // They leave nothing behind.
        Assert.Equal(0, await database.QueryAsAdminAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'test\\_%'"));

        await AssertAnswersAsync(Directory.GetFiles(Path.Combine(Solution, "src", "Shop.Notes", "bin"), "bootstrap", SearchOption.AllDirectories).Single(), database);
        if (Environment.GetEnvironmentVariable(AotVariable) == "1")
            await AssertAnswersAsync(await PublishAsync(), database);
    }

    private static void AssertCounts(string told, int succeeded, int skipped)
    {
        Assert.Matches(@"failed: 0\b", told);
        Assert.Matches($@"succeeded: {succeeded}\b", told);
        Assert.Matches($@"skipped: {skipped}\b", told);
    }

    /// <summary>Installs the template and makes a solution of it, which finds this build's package and otherwise what was restored already.</summary>
    private async Task MakeAsync(params string[] options)
    {
        string feed = await packages.FeedAsync();
        await DotnetAsync(_directory, [], "new", "install", Directory.GetFiles(feed, "NativeLambda.Templates.*.nupkg").Single());
        await DotnetAsync(_directory, [], ["new", "nativelambda", "--output", "Shop.Notes", .. options]);
        string restored = (await Tool.RunAsync("dotnet", "nuget", "locals", "global-packages", "--list")).Split(' ', 2)[1].Trim();
        await File.WriteAllTextAsync(Path.Combine(_directory, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="restored" value="{restored}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    private async Task AssertNamesAsync()
    {
        foreach (string file in Directory.GetFiles(Solution, "*", SearchOption.AllDirectories))
        {
            string text = Path.GetRelativePath(Solution, file) + "\n" + await File.ReadAllTextAsync(file);
            Assert.DoesNotContain("Company", text, StringComparison.Ordinal);
            Assert.DoesNotMatch("(LAMBDA|XUNIT)_(VERSION|ARCHITECTURE|FUNCTION)", text);
        }
    }

    /// <summary>Asserts that its defaults are as those of this repository, which are held against the tool's own options: names and types.</summary>
    private void AssertLambdaToolsRead(string architecture)
    {
        const string File = "aws-lambda-tools-defaults.json";
        JsonElement made = Read(Path.Combine(Solution, File)), known = Read(Path.Combine(Repository.Root, File));
        foreach (JsonProperty property in made.EnumerateObject())
            Assert.True(known.TryGetProperty(property.Name, out JsonElement like) && like.ValueKind == property.Value.ValueKind, property.Name);
        Assert.Equal(architecture, made.GetProperty("function-architecture").GetString());
        Assert.Equal("Shop-Notes", made.GetProperty("function-name").GetString());
        Assert.True(Directory.Exists(Path.Combine(Solution, made.GetProperty("project-location").GetString()!)));

        static JsonElement Read(string file) => JsonElement.Parse(System.IO.File.ReadAllText(file));
    }

    private async Task<string> PublishAsync()
    {
        string output = Path.Combine(_directory, "published");
        string told = await DotnetAsync(Solution, [], "publish", "src/Shop.Notes", "-c", "Release", "-o", output);
        Assert.DoesNotContain(": warning ", told, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"bootstrap: {new FileInfo(Path.Combine(output, "bootstrap")).Length} bytes");
        return Path.Combine(output, "bootstrap");
    }

    private async Task AssertAnswersAsync(string bootstrap, TestDatabase database)
    {
        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // A file of the template.
            await using var command = new NpgsqlCommand(await File.ReadAllTextAsync(Path.Combine(Solution, "src", "Shop.Notes", "schema.sql")), connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using LocalLambda lambda = await LocalLambda.StartAsync(LambdaFixtures.Options() with { Bootstrap = bootstrap, Environment = database.EnvironmentVariables() });
        using var client = new HttpClient { BaseAddress = lambda.FunctionUrl, Timeout = LambdaFixtures.Guard };
        using HttpResponseMessage put = await client.PutAsync("/notes/a", new StringContent("""{"text":"kept"}"""), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, put.StatusCode);
        await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
        Assert.Equal("""{"id":"a","text":"kept"}""", await client.GetStringAsync("/notes/a", TestContext.Current.CancellationToken));
    }

    private async Task<string> DotnetAsync(string folder, (string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in ((string, string)[])
                 [
                     ("DOTNET_CLI_HOME", Path.Combine(_directory, "home")), ("NUGET_PACKAGES", Path.Combine(_directory, "packages")), ("DOTNET_CLI_UI_LANGUAGE", "en"),
                     ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"),
                     // No build server may outlive it.
                     ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), .. variables,
                 ])
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await errors}");
        return output;
    }
}
