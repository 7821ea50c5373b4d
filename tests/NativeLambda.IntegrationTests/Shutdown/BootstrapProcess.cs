using System.Collections.Concurrent;
using System.Diagnostics;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Lanes;
using EmulatorMethods = NativeLambda.Emulator.Processes.NativeMethods;

namespace NativeLambda.IntegrationTests.Shutdown;

/// <summary>The published bootstrap as a plain child process, for what only a parent sees: its exit code.</summary>
/// <remarks>The end of it searches what it wrote and posted, and what others see of it, for its secrets.</remarks>
internal sealed class BootstrapProcess : IAsyncDisposable
{
    private readonly Process _process = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly FakePlatform _platform;
    private readonly Dictionary<string, string> _database;
    private readonly SecretSearch _search;

    private BootstrapProcess(string path, FakePlatform platform, Dictionary<string, string> database, (string Name, string Value)[] settings)
    {
        _platform = platform;
        _database = database;
        _search = new SecretSearch(database, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach ((string name, string value) in database)
            start.Environment[name] = value;
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = platform.Address;
        start.Environment["AWS_LAMBDA_LOG_LEVEL"] = "DEBUG";
        foreach ((string name, string value) in settings)
            start.Environment[name] = value;
        _process.StartInfo = start;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _search.AddCommandLine(_process.Id);
        platform.DescribeFunction = Describe;
    }

    /// <summary>What it wrote; complete once it has ended.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    public static async Task<BootstrapProcess> StartAsync(
        BootstrapFixture bootstrap, FakePlatform platform, Dictionary<string, string> database, params (string Name, string Value)[] settings) =>
        new(await bootstrap.GetPathAsync(), platform, database, settings);

    public void Terminate() => Signal(EmulatorMethods.SigTerm);

    public void Kill() => Signal(EmulatorMethods.SigKill);

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code; 128 and the signal's number when one has killed it.</returns>
    public async Task<int> ExitAsync()
    {
        await Guarded.WaitAsync(_process.WaitForExitAsync(), "the end of the bootstrap", Describe);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _search.AddServersOfAsync(_database);
        if (!_process.HasExited)
            _process.Kill();
        await ExitAsync();
        _process.Dispose();
        foreach (string line in _output)
            _search.Add("the output", line);
        foreach (string body in _platform.Bodies)
            _search.Add("what was posted", body);
        _search.AssertNothingFound();
    }

    private string Describe() => $"{ProcessPicture.Of(_process.Id)}{string.Join('\n', _output)}";

    private void Signal(int signal) => Assert.Equal(0, EmulatorMethods.Kill(_process.Id, signal));

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }
}
