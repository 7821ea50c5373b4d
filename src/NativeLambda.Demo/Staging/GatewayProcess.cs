using System.Diagnostics;
using System.Globalization;

namespace NativeLambda.Demo.Staging;

/// <summary>The gateway as a process of its own, with a configuration file of its own. Disposing it ends both.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Listening = "lambda-gateway listens on ";

    private readonly Process _process;
    private readonly string _folder;

    private GatewayProcess(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    /// <summary>Where it serves.</summary>
    public Uri Url { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="program">The executable.</param>
    /// <param name="configuration">The content of <c>gateway.json</c>.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="StageException">It ended instead; with what it said.</exception>
    public static async Task<GatewayProcess> StartAsync(string program, string configuration, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("lambda-gateway-").FullName, file = Path.Combine(folder, "gateway.json");
        await File.WriteAllTextAsync(file, configuration, cancellation);
        Process process = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList = { "--config", file },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // the access log: read, so that it never waits for us
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            said.Add(line);
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new GatewayProcess(process, folder, new Uri(line[Listening.Length..]));
        }
        await process.WaitForExitAsync(cancellation);
        Directory.Delete(folder, recursive: true);
        throw new StageException(string.Create(CultureInfo.InvariantCulture, $"the gateway ended with {process.ExitCode}: {string.Join(" / ", said)}"));
    }

    /// <summary>The memory that it holds, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Asks it to end by SIGTERM, as an orchestrator does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill") { ArgumentList = { "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture) } })!;
        await kill.WaitForExitAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
