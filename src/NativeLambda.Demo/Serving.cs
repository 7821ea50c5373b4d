using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Demo;

/// <summary>Keeps the stage up for people to play on.</summary>
internal static class Serving
{
    /// <summary>Shows where everything is, and returns at Ctrl-C.</summary>
    public static async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        narrator.Conclude(good: true, "Everything stays up until Ctrl-C.");
        foreach (string line in Lines(stage, WritePasswordFile(stage.Server))) narrator.Say(line);
        narrator.ShowsLog = true;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellation.Register(stopped.SetResult)) await stopped.Task;
        narrator.ShowsLog = false;
        narrator.Say("Ending the environments and the server.");
    }

    private static string[] Lines(Stage stage, string passwordFile)
    {
        PostgresServer server = stage.Server;
        string url = stage.Lambda.FunctionUrl.ToString().TrimEnd('/');
        string endpoint = stage.Lambda.InvokeEndpoint.ToString().TrimEnd('/');
        const string Event = """{"version":"2.0","rawPath":"/connection","requestContext":{"http":{"method":"GET","path":"/connection"}}}""";
        string gateway = stage.Gateway.Url.ToString().TrimEnd('/');
        return
        [
            $"gateway           {gateway}",
            $"function URL      {url}",
            $"Invoke endpoint   {endpoint}   (function products)",
            "",
            $"curl -i {gateway}/products",
            $"curl -i {url}/connection",
            $"curl -i {url}/products",
            $"curl -i -X PUT {url}/products/tea -H 'content-type: application/json' -d '{"{"}\"name\":\"Green tea\",\"price\":4.2{"}"}'",
            $"curl -i {url}/products/tea/movements -H 'content-type: application/json' -d '{"{"}\"quantity\":10{"}"}'",
            "",
            $"curl {endpoint}/2015-03-31/functions/products/invocations -d '{Event}'",
            // From a file, for version 1 of the command takes the payload as it stands and version 2 as base64.
            $"echo '{Event}' |",
            $"  AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x aws lambda invoke --endpoint-url {endpoint} --region us-east-1 \\",
            "  --function-name products --payload fileb:///dev/stdin /dev/stdout",
            "",
            string.Create(CultureInfo.InvariantCulture, $"PGPASSFILE={passwordFile} psql 'host={server.Host} port={server.Port} dbname={server.Database} user={server.User} sslmode=verify-full sslrootcert={server.RootCertificateFile}'"),
            "",
        ];
    }

    /// <summary>A password file for psql, so that the password is neither shown nor in a process list.</summary>
    private static string WritePasswordFile(PostgresServer server)
    {
        // In the directory of the cluster, which goes with it, however this process ends.
        string path = Path.Combine(Path.GetDirectoryName(server.DataDirectory)!, "pgpass");
        using var file = new FileStream(
            path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using var writer = new StreamWriter(file);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}:{server.Database}:{server.User}:{server.Password}\n"));
        return path;
    }
}
