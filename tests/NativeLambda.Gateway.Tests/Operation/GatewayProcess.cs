using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>The command itself, as a process with a file, in an environment of its own, with systemd's socket and its two outputs.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly Process _process;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(string configuration, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment, IReadOnlyList<string> launcher)
    {
        string notify = Path.Combine(_directory, "notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(notify));
        System.IO.File.WriteAllText(File, configuration);
        string[] command = [.. launcher, "dotnet", Path.Combine(AppContext.BaseDirectory, "lambda-gateway.dll"), "--config", File, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
        };
        start.Environment["NOTIFY_SOCKET"] = notify;
        start.Environment["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "secret";
        start.Environment["AWS_REGION"] = "eu-central-1";
        // One thread hears of all sockets: whatever blocks on it stops them all, and the test with them.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(Output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(Errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    /// <summary>Its configuration.</summary>
    public string File => Path.Combine(_directory, "gateway.json");

    public ConcurrentQueue<string> Output { get; } = new();

    public ConcurrentQueue<string> Errors { get; } = new();

    public string Everything => string.Join('\n', [.. Errors, .. Output]);

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where it tells its health; null where it does not.</summary>
    public Uri? Management { get; private set; }

    public static Task<GatewayProcess> StartAsync(string configuration, params (string Name, string Value)[] environment) => StartAsync(configuration, [], environment);

    public static Task<GatewayProcess> StartAsync(string configuration, IReadOnlyList<string> arguments, params (string Name, string Value)[] environment) =>
        StartAsync(configuration, arguments, environment, launcher: []);

    /// <summary>Starts it by a command that becomes it.</summary>
    public static async Task<GatewayProcess> StartAsync(
        string configuration, IReadOnlyList<string> arguments, IReadOnlyList<(string Name, string Value)> environment, IReadOnlyList<string> launcher)
    {
        var gateway = new GatewayProcess(configuration, arguments, environment, launcher);
        if (await Task.WhenAny(gateway._address.Task, gateway._process.WaitForExitAsync()) != gateway._address.Task)
            throw new InvalidOperationException($"it ended: {gateway.Everything}");
        // What follows the listeners at the start; READY comes after it.
        if (!configuration.Contains("\"management\": false", StringComparison.Ordinal)) await Eventually.IsTrueAsync(() => gateway.Management is not null);
        gateway.Client = new HttpClient { BaseAddress = await gateway._address.Task };
        return gateway;
    }

    /// <summary>Sends a signal, such as <c>TERM</c>.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)])!;
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>What systemd is told next.</summary>
    public async Task<string> NotifiedAsync()
    {
        byte[] buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer));
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _systemd.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null) return;
        lines.Enqueue(line);
        const string Begin = "lambda-gateway listens on ";
        const string Health = "lambda-gateway tells its health on ";
        if (line.StartsWith(Health, StringComparison.Ordinal)) Management = new Uri(line[Health.Length..]);
        if (line.StartsWith(Begin, StringComparison.Ordinal)) _address.TrySetResult(new Uri(line[Begin.Length..]));
    }
}
