using System.Net;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.IntegrationTests.Emulator;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>A package that has been unpacked, run in the emulator.</summary>
internal static class PackedFunction
{
    /// <summary>
    /// Writes and reads a product through the function, over TLS that is verified in full by the authority in the package, with a freeze in
    /// between.
    /// </summary>
    /// <param name="folder">Where the package is.</param>
    /// <param name="postgres">The server.</param>
    /// <param name="run">A program that runs another one's, for another processor's; null where it can be run by itself.</param>
    public static async Task AnswersAsync(string folder, PostgresFixture postgres, string? run = null)
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        variables["PGSSLROOTCERT"] = Path.Combine(folder, Path.GetFileName(variables["PGSSLROOTCERT"]));
        variables["PGSSLMODE"] = "verify-full";
        Assert.True(File.Exists(variables["PGSSLROOTCERT"]));
        await using LocalLambda lambda = await LocalLambda.StartAsync(LambdaFixtures.Options() with
        {
            Bootstrap = run ?? Path.Combine(folder, "bootstrap"),
            Environment = variables,
        });
        using var client = new HttpClient { BaseAddress = lambda.FunctionUrl, Timeout = LambdaFixtures.Guard };
        using HttpResponseMessage put = await client.PutAsync("/products/packed", new StringContent("""{"name":"Packed","price":1.5}""", null, "application/json"));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded();
        Assert.Contains("\"Packed\"", await client.GetStringAsync("/products/packed"), StringComparison.Ordinal);
        Assert.Equal(1, (await lambda.WaitUntilAsync(static all => all is [{ State: EnvironmentState.Frozen }]).Guarded())[0].ProcessesStarted);
    }
}
