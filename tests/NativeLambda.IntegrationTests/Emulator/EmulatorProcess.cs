using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>The command <c>lambda-emulator run</c> as a process of its own, so that it can be killed.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private EmulatorProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public List<string> Output { get; } = [];

    public Uri FunctionUrl { get; private set; } = null!;

    public static EmulatorProcess Start(params string[] arguments) =>
        StartProgram(Path.Combine(AppContext.BaseDirectory, "lambda-emulator"), arguments);

    /// <summary>Starts it from where it is installed.</summary>
    public static EmulatorProcess StartProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, ["run", "--dashboard-port", "0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new EmulatorProcess(Process.Start(start)!);
    }

    /// <summary>Starts it by a command that writes what it writes.</summary>
    public static EmulatorProcess Of(ProcessStartInfo start) => new(Process.Start(start)!);

    /// <summary>Starts it and reads its banner.</summary>
    public static Task<EmulatorProcess> StartReadyAsync(params string[] arguments) =>
        ReadyAsync(Start([.. arguments, "--port", "0", "--env", $"PATH={Environment.GetEnvironmentVariable("PATH")}"]));

    /// <summary>Reads the banner of one that was started.</summary>
    public static async Task<EmulatorProcess> ReadyAsync(EmulatorProcess emulator)
    {
        string line = await emulator.ReadUntilAsync("function URL");
        emulator.FunctionUrl = new Uri(line["function URL".Length..].Trim());
        await emulator.ReadUntilAsync("Ctrl-C");
        return emulator;
    }

    public async Task<string> ReadUntilAsync(string part)
    {
        while (await _process.StandardOutput.ReadLineAsync().Guarded() is { } line)
        {
            Output.Add(line);
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }
        throw new InvalidOperationException($"no line with \"{part}\"; standard error: {await _errors.Guarded()}");
    }

    public void Signal(PosixSignal signal)
    {
        int number = signal switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, PosixSignal.SIGTERM => 15, _ => throw new ArgumentOutOfRangeException(nameof(signal)) };
        Assert.Equal(0, NativeLambda.Emulator.Processes.NativeMethods.Kill(Id, number));
    }

    public void Kill() => _process.Kill();

    public async Task<(int ExitCode, string Errors)> WaitAsync()
    {
        Task rest = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync().Guarded();
        await rest.Guarded();
        return (_process.ExitCode, await _errors.Guarded());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
