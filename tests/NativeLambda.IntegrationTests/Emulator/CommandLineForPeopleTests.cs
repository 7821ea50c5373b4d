using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NativeLambda.IntegrationTests.Fixtures;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>What the command shows, what it says of mistakes, and what it reads.</summary>
public sealed class CommandLineForPeopleTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_signal_ends_it_at_once_and_leaves_nothing()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient, "--env", """INIT=[{"register":1},{"ignoreTerm":1}]""");
        using var client = new HttpClient();
        await client.GetStringAsync(emulator.FunctionUrl).Guarded();
        await emulator.ReadUntilAsync("REPORT");
        IReadOnlyList<int> tree = KernelState.Tree(emulator.Id);
        // The function ignores SIGTERM, so the orderly end takes its 500 ms.
        emulator.Signal(PosixSignal.SIGINT);
        emulator.Signal(PosixSignal.SIGTERM);
        (int exitCode, _) = await emulator.WaitAsync();
        Assert.Equal(130, exitCode);
        foreach (int member in tree) await Eventually(() => !IsAlive(member), $"process {member} ends");
    }

    [Fact]
    public async Task A_hang_up_after_the_key_is_no_second_one()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient, "--env", """INIT=[{"register":1},{"tellTerm":1}]""");
        using var client = new HttpClient();
        await client.GetStringAsync(emulator.FunctionUrl).Guarded();
        await emulator.ReadUntilAsync("REPORT");
        emulator.Signal(PosixSignal.SIGHUP);
        emulator.Signal(PosixSignal.SIGINT);
        emulator.Signal(PosixSignal.SIGHUP);
        await emulator.ReadUntilAsync("SIGTERM seen"); // the environment had its time to end
        Assert.Equal((0, ""), await emulator.WaitAsync());
    }

    [Fact]
    public async Task When_the_terminal_goes_away_it_ends_in_order_though_it_can_write_no_more()
    {
        string mark = Path.Combine(_directory, "mark"), errors = Path.Combine(_directory, "errors");
        using Process process = await StartOnTerminalAsync($"--ephemeral-storage 0 2>{errors}", $$"""INIT=[{"register":1},{"markTerm":"{{mark}}"}]""");
        string url = (await ReadUntilAsync(process, "function URL")).Split("function URL")[1].Trim();
        using var client = new HttpClient();
        await client.GetStringAsync(url).Guarded();
        await ReadUntilAsync(process, "1 frozen");
        IReadOnlyList<int> tree = KernelState.Tree(process.Id);
        Assert.Equal(4, tree.Count); // the terminal, the emulator, its watchdog, the bootstrap
        process.Kill();
        foreach (int member in tree) await Eventually(() => !IsAlive(member), $"process {member} ends");
        Assert.True(File.Exists(mark)); // the function has seen SIGTERM, and written a line that nobody could read any more
        Assert.DoesNotContain("Unhandled", await File.ReadAllTextAsync(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_events_tell_of_phases_invocations_reports_and_logs_each_in_a_line()
    {
        await using EmulatorProcess emulator = EmulatorProcess.Start(
            Obedient, "--json", "--port", "0", "--env", $"PATH={Environment.GetEnvironmentVariable("PATH")}", "--env", """INIT=[{"print":"hello"}]""");
        JsonElement started = Parse(await emulator.ReadUntilAsync("\"started\""));
        using var client = new HttpClient();
        await client.GetStringAsync(started.GetProperty("functions")[0].GetProperty("url").GetString()).Guarded();
        JsonElement report = Parse(await emulator.ReadUntilAsync("\"event\":\"report\"")).GetProperty("report");
        await emulator.ReadUntilAsync("\"state\":\"Frozen\"");
        emulator.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, (await emulator.WaitAsync()).ExitCode);
        JsonElement[] events = [.. emulator.Output.Select(Parse)];
        Assert.True(report.GetProperty("initDurationMs").GetDouble() > 0);
        Assert.Equal(128, report.GetProperty("memorySizeMb").GetInt32());
        string requestId = Assert.Single(events, item => Name(item) == "invocation").GetProperty("requestId").GetString()!;
        Assert.Equal(requestId, report.GetProperty("requestId").GetString());
        Assert.Contains(events, item => Name(item) == "log" && item.GetProperty("source").GetString() == "stdout" && item.GetProperty("text").GetString() == "hello");
        string?[] states = [.. events.Where(item => Name(item) == "environment").Select(item => item.GetProperty("state").GetString()).Distinct()];
        Assert.Equal("Initializing", states[0]);
        Assert.Equal("Frozen", states[^1]);
        Assert.All(events, item => Assert.True(item.TryGetProperty("time", out _)));
    }

    [Fact]
    public async Task Piped_output_has_no_colours()
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient);
        using var client = new HttpClient();
        await client.GetStringAsync(emulator.FunctionUrl).Guarded();
        await emulator.ReadUntilAsync("REPORT");
        Assert.DoesNotContain(emulator.Output, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_terminal_there_are_colours_and_a_status_and_the_key_ends_it()
    {
        using Process process = await StartOnTerminalAsync();
        string url = (await ReadUntilAsync(process, "function URL")).Split("function URL")[1].Trim();
        using var client = new HttpClient();
        await client.GetStringAsync(url).Guarded();
        Assert.Contains("\u001b[2m", await ReadUntilAsync(process, "REPORT"), StringComparison.Ordinal);
        await ReadUntilAsync(process, "1 frozen");
        await process.StandardInput.WriteAsync('\u0003'); // the key Ctrl-C
        await process.StandardInput.FlushAsync();
        await ReadUntilAsync(process, "ending the environments (1)");
        await process.WaitForExitAsync().Guarded();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_file_of_several_functions_runs_them_all()
    {
        string file = Path.Combine(_directory, "emulator.json");
        await File.WriteAllTextAsync(file, $$"""
            { "functions": [ { "name": "orders", "bootstrap": "{{Obedient}}", "memory": 256 }, { "name": "stock", "bootstrap": "{{Obedient}}" } ] }
            """);
        await using EmulatorProcess emulator = EmulatorProcess.Start(file, "--port", "0", "--env", $"PATH={Environment.GetEnvironmentVariable("PATH")}");
        string line = await emulator.ReadUntilAsync("invoke API");
        var endpoint = new Uri(line["invoke API".Length..].Trim());
        using var client = new HttpClient { BaseAddress = endpoint };
        foreach (string name in (string[])["orders", "stock"])
        {
            using HttpResponseMessage response = await client.PostAsync($"/2015-03-31/functions/{name}/invocations", new StringContent("{}")).Guarded();
            Assert.Contains($"\"AWS_LAMBDA_FUNCTION_NAME\":\"{name}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains($" {name}", await emulator.ReadUntilAsync("REPORT"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_defaults_of_dotnet_lambda_run_their_function()
    {
        string file = Path.Combine(_directory, "aws-lambda-tools-defaults.json");
        await File.WriteAllTextAsync(file, """{ "function-name": "products", "function-memory-size": 384, "funtion-timeout": 3 }""");
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(file, "--bootstrap", Obedient);
        using var client = new HttpClient();
        string echo = await client.GetStringAsync(emulator.FunctionUrl).Guarded();
        Assert.Contains("\"AWS_LAMBDA_FUNCTION_NAME\":\"products\"", echo, StringComparison.Ordinal);
        Assert.Contains("\"AWS_LAMBDA_FUNCTION_MEMORY_SIZE\":\"384\"", echo, StringComparison.Ordinal);
        emulator.Signal(PosixSignal.SIGTERM);
        Assert.Contains("funtion-timeout: neither dotnet lambda nor the emulator knows it", (await emulator.WaitAsync()).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_a_file_is_one_line_with_its_place()
    {
        string file = Path.Combine(_directory, "emulator.json");
        await File.WriteAllTextAsync(file, "{\n  \"functions\": [\n    { \"name\": \"a\", \"bootstrap\": \"b\", \"memory\": \"256\" }\n  ]\n}\n");
        await FailsAsync($"lambda-emulator: {file}:3:48: functions[0].memory: a whole number is expected, not a text\n", file);
        await FailsAsync($"lambda-emulator: --memory is a function's: it belongs into {file}\n", file, "--memory", "256");
    }

    [Fact]
    public async Task A_missing_library_is_named()
    {
        string source = Path.Combine(_directory, "main.c"), library = Path.Combine(_directory, "liblost.so"), program = Path.Combine(_directory, "bootstrap");
        await File.WriteAllTextAsync(source, "int lost(void);\n#ifdef LIBRARY\nint lost(void) { return 0; }\n#else\nint main(void) { return lost(); }\n#endif\n");
        await Tool.RunAsync("cc", "-shared", "-fPIC", "-DLIBRARY", "-o", library, source);
        await Tool.RunAsync("cc", "-o", program, source, $"-L{_directory}", "-llost");
        // Beside the bootstrap it is found, as on Lambda.
        await using (EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(program)) Assert.NotNull(emulator.FunctionUrl);
        File.Delete(library);
        await FailsAsync(
            $"lambda-emulator: {program} needs liblost.so, which the loader does not find: install it, or put it beside the bootstrap or into its folder lib\n", program);
    }

    [Fact]
    public async Task An_executable_for_musl_is_explained()
    {
        string source = Path.Combine(_directory, "main.c"), program = Path.Combine(_directory, "bootstrap");
        await File.WriteAllTextAsync(source, "int main(void) { return 0; }\n");
        await Tool.RunAsync("cc", "-o", program, source, "-Wl,--dynamic-linker=/lib/ld-musl-absent.so.1");
        await using EmulatorProcess emulator = EmulatorProcess.Start(program);
        (int exitCode, string errors) = await emulator.WaitAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("is built for musl (Alpine): its loader /lib/ld-musl-absent.so.1", errors, StringComparison.Ordinal);
    }

    private async Task<Process> StartOnTerminalAsync(string more = "", string variables = "")
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "there is no script (Debian package bsdutils), which makes a terminal");
        // Not every shell gives up its place to a lone command by itself. One that stays gets the key's signal as well, and dies of it.
        string command = $"exec {Path.Combine(AppContext.BaseDirectory, "lambda-emulator")} run {Obedient} --port 0 --dashboard-port 0 --env-file {_directory}/env {more}";
        await File.WriteAllTextAsync(Path.Combine(_directory, "env"), $"PATH={Environment.GetEnvironmentVariable("PATH")}\n{variables}\n");
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TERM"] = "xterm";
        start.Environment.Remove("NO_COLOR");
        return Process.Start(start)!;
    }

    /// <summary>Reads what a terminal shows; the status line has no end.</summary>
    private static async Task<string> ReadUntilAsync(Process process, string part)
    {
        var text = new StringBuilder();
        var buffer = new char[1];
        while (!text.ToString().Contains(part, StringComparison.Ordinal) || (part == "function URL" && text[^1] != '\n'))
        {
            if (await process.StandardOutput.ReadAsync(buffer).AsTask().Guarded() == 0) throw new InvalidOperationException($"no \"{part}\" in: {text}");
            text.Append(buffer[0]);
        }
        return text.ToString();
    }

    private static string? Name(JsonElement item) => item.GetProperty("event").GetString();

    private static JsonElement Parse(string line) => JsonSerializer.Deserialize<JsonElement>(line);

    private static async Task FailsAsync(string errors, params string[] arguments)
    {
        await using EmulatorProcess emulator = EmulatorProcess.Start(arguments);
        Assert.Equal((1, errors), await emulator.WaitAsync());
    }
}
