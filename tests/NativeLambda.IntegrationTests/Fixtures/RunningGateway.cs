using System.Diagnostics;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>A process of the gateway, which does not outlive its test.</summary>
internal sealed class RunningGateway : IDisposable
{
    private readonly Process _process;

    /// <param name="program">The executable, or a script that becomes it.</param>
    /// <param name="arguments">Its arguments.</param>
    public RunningGateway(string program, params string[] arguments) =>
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["AWS_ACCESS_KEY_ID"] = "x", ["AWS_SECRET_ACCESS_KEY"] = "x" } })!;

    /// <summary>Waits until it listens, and says where.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task<Uri> ListeningAsync()
    {
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        const string Listens = "lambda-gateway listens on ";
        while (await _process.StandardError.ReadLineAsync().WaitAsync(Guard) is { } line)
        {
            if (!line.StartsWith(Listens, StringComparison.Ordinal)) continue;
            _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            return new Uri(line[Listens.Length..]);
        }
        throw new InvalidOperationException("the gateway ended before it listened");
    }

    /// <summary>Waits for its end; what it told on standard error, where nobody waited for it to listen.</summary>
    public async Task<(int Exit, string Told)> EndAsync()
    {
        string told = await _process.StandardError.ReadToEndAsync().WaitAsync(Guard);
        await _process.WaitForExitAsync().WaitAsync(Guard);
        return (_process.ExitCode, told);
    }

    /// <summary>Sends SIGTERM, waits for its end, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Tool.RunAsync("kill", "-TERM", $"{_process.Id}");
        await _process.WaitForExitAsync().WaitAsync(Guard);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill(); // nothing where it has ended
        _process.WaitForExit();
        _process.Dispose();
    }
}
