using System.Text.Json;
using System.Text.RegularExpressions;
using NativeLambda.Emulator.Processes;
using NativeLambda.IntegrationTests.Emulator;

namespace NativeLambda.IntegrationTests.Dashboard.Browsing;

/// <summary>A headless Chromium, driven by its DevTools protocol: no driver to install beside it.</summary>
/// <remarks>
/// It ends as the environments of the emulator do: its processes are of one group, and what watches over it kills the group and deletes
/// its files, however the tests end. The handlers of its crashes alone are of sessions of their own; they end when nobody is left whose
/// crash they could handle. (Without them, by <c>--disable-crashpad-for-testing</c>, Chromium 156 loads no page.)
/// </remarks>
internal sealed partial class Chromium : IAsyncDisposable
{
    private readonly ProcessMonitor _monitor = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("nativelambda-chromium").FullName;
    private readonly Watchdog _watchdog;
    private ChildProcess? _process;
    private DevTools? _tools;

    private Chromium() => _watchdog = Watchdog.Start(_monitor, [_directory]);

    /// <summary>The id of its first process, and so of its process group.</summary>
    public int ProcessGroup => _process!.Id;

    /// <summary>Where all its files are.</summary>
    public string FilesDirectory => _directory;

    /// <summary>Where the program is; nothing when there is none.</summary>
    public static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .SelectMany(static directory => new[] { "chromium", "chromium-browser", "google-chrome" }, Path.Combine)
            .FirstOrDefault(File.Exists);

    /// <summary>Starts it; skips the test where there is none.</summary>
    public static async Task<Chromium> StartAsync()
    {
        string? program = Find();
        Assert.SkipWhen(program is null, "There is no Chromium here: install Debian's package chromium.");
        var browser = new Chromium();
        try
        {
            await browser.StartAsync(program!);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page in a context of its own: no cookies, no storage of another one's.</summary>
    public async Task<Page> OpenAsync()
    {
        JsonElement context = await _tools!.SendAsync("Target.createBrowserContext");
        JsonElement target = await _tools.SendAsync(
            "Target.createTarget",
            new { url = "about:blank", browserContextId = context.GetProperty("browserContextId").GetString() });
        JsonElement attached = await _tools.SendAsync(
            "Target.attachToTarget", new { targetId = target.GetProperty("targetId").GetString(), flatten = true });
        var page = new Page(_tools, attached.GetProperty("sessionId").GetString()!);
        await page.EnableAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_tools is not null) await _tools.DisposeAsync();
        if (_process is not null)
        {
            _process.SignalGroup(NativeMethods.SigKill);
            await _process.Exited;
        }
        // It kills what is left of the group, and deletes the files: the last process may still write while it dies.
        await _watchdog.DisposeAsync();
        _monitor.Dispose();
    }

    private async Task StartAsync(string program)
    {
        var said = new List<string>();
        var endpoint = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = _monitor.Start(new SpawnRequest
        {
            File = program,
            Arguments = [.. Arguments()],
            // Whatever it keeps, locks or caches.
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = _directory, ["TMPDIR"] = _directory,
            },
            ErrorLine = line =>
            {
                if (endpoint.Task.IsCompleted) return;
                said.Add(line);
                if (Listening().Match(line) is { Success: true } match) endpoint.TrySetResult(new Uri(match.Groups[1].Value));
            },
        });
        _watchdog.Add(_process.Id);
        if (await Task.WhenAny(endpoint.Task, _process.Exited).Guarded() != endpoint.Task)
            throw new InvalidOperationException($"{program} ended ({await _process.Exited}) before it listened: {string.Join('\n', said)}");
        _tools = await DevTools.ConnectAsync(await endpoint.Task);
    }

    private IEnumerable<string> Arguments()
    {
        // Its sandbox does not run as root. It sees our own page only.
        if (Environment.IsPrivilegedProcess) yield return "--no-sandbox";
        yield return "--headless=new";
        yield return "--remote-debugging-port=0";
        yield return $"--user-data-dir={_directory}";
        foreach (string feature in new[]
        {
            "breakpad", "gpu", "background-networking", "component-update", "default-apps", "sync", "dev-shm-usage",
        })
            yield return $"--disable-{feature}";
        yield return "--no-first-run";
        yield return "--force-color-profile=srgb";
        yield return "--lang=en-GB";
        yield return "about:blank";
    }

    [GeneratedRegex(@"^DevTools listening on (ws://\S+)")]
    private static partial Regex Listening();
}
