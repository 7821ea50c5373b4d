using System.IO.Compression;
using System.Text.Json;
using NativeLambda.Emulator.Postgres;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>What build/package makes, with the shared server's certification authority in it: for this machine's architecture and for arm64.</summary>
public sealed class FunctionPackage : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    /// <summary>Makes the package of an architecture. What build/test has compiled for it is not compiled again.</summary>
    public async Task<string> MakeAsync(string architecture, PostgresServer server)
    {
        string zip = Path.Combine(_directory, $"bootstrap-{architecture}.zip");
        if (!File.Exists(zip))
            await Tool.RunAsync(
                Path.Combine(Repository.Root, "build", "package"), "--arch", architecture, "--output", _directory, "--ca-bundle", Authority(server));
        return zip;
    }

    /// <summary>Makes it, and unpacks it as Lambda does.</summary>
    /// <returns>The folder.</returns>
    public async Task<string> UnpackAsync(string architecture, PostgresServer server)
    {
        string folder = Path.Combine(_directory, "task", Path.GetRandomFileName());
        ZipFile.ExtractToDirectory(await MakeAsync(architecture, server), folder);
        return folder;
    }

    /// <summary>The bill of materials beside a package.</summary>
    public static async Task<JsonElement> BillAsync(string zip) =>
        JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.ChangeExtension(zip, ".cdx.json")));

    /// <summary>The file of the server's certification authority.</summary>
    public static string Authority(PostgresServer server) => server.EnvironmentVariables["PGSSLROOTCERT"];

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
