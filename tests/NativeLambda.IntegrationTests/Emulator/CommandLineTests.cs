using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using NativeLambda.Emulator.Freezing;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_signal_ends_it_in_order_and_leaves_nothing(PosixSignal signal)
    {
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient);
        await InvokeAsync(emulator);
        await emulator.ReadUntilAsync("REPORT");
        IReadOnlyList<int> tree = KernelState.Tree(emulator.Id);
        Assert.Equal(3, tree.Count); // itself, its watchdog, the bootstrap
        emulator.Signal(signal);
        (int exitCode, string errors) = await emulator.WaitAsync();
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.All(tree, member => Assert.False(IsAlive(member)));
        Assert.Empty(GroupsOf(emulator.Id));
    }

    [Theory]
    [InlineData("cgroup-v2")]
    [InlineData("cgroup-v1")]
    [InlineData("signal")]
    public async Task After_SIGKILL_its_environments_and_their_children_die_and_no_control_group_stays(string freeze)
    {
        SkipUnlessAvailable(freeze);
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient, "--freeze", freeze, "--env", """INIT=[{"fork":1}]""");
        int bootstrap = await InvokeAsync(emulator);
        await emulator.ReadUntilAsync("REPORT");
        await Eventually(() => KernelState.IsFrozen(Method(freeze), bootstrap), "it freezes");
        IReadOnlyList<int> tree = KernelState.Tree(emulator.Id);
        Assert.Equal(4, tree.Count); // itself, its watchdog, the bootstrap, the bootstrap's child
        emulator.Kill();
        foreach (int member in tree) await Eventually(() => !IsAlive(member), $"process {member} ends");
        await Eventually(() => GroupsOf(emulator.Id).Count == 0, "its control group goes");
    }

    [Theory]
    [InlineData("cgroup-v2")]
    [InlineData("cgroup-v1")]
    public async Task What_is_left_when_the_watchdog_dies_too_is_cleared_at_the_next_start(string freeze)
    {
        SkipUnlessAvailable(freeze);
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient, "--freeze", freeze);
        int bootstrap = await InvokeAsync(emulator);
        await emulator.ReadUntilAsync("REPORT");
        await Eventually(() => KernelState.IsFrozen(Method(freeze), bootstrap), "it freezes");
        int watchdog = KernelState.Tree(emulator.Id).Single(member => member != emulator.Id && member != bootstrap);
        Assert.Equal(0, NativeLambda.Emulator.Processes.NativeMethods.Kill(watchdog, 9));
        await Eventually(() => !IsAlive(watchdog), "the watchdog ends");
        emulator.Kill();
        await emulator.WaitAsync();
        // Any emulator that starts clears up, also one of another test that runs now: nothing can be said of the moment before. But
        // nobody else does: without the clearing the bootstrap stays, frozen.
        await using (await EmulatorProcess.StartReadyAsync(Obedient, "--freeze", freeze))
            await Eventually(() => !IsAlive(bootstrap), "the next one clears up");
        // The group itself goes once its processes have.
        await using (await EmulatorProcess.StartReadyAsync(Obedient, "--freeze", freeze)) Assert.Empty(GroupsOf(emulator.Id));
    }

    [Fact]
    public async Task A_secret_of_an_environment_file_reaches_the_function_and_no_command_line()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# comment\nTOKEN='hunter2 and more'\n");
        await using EmulatorProcess emulator = await EmulatorProcess.StartReadyAsync(Obedient, "--env-file", file);
        using var client = new HttpClient();
        JsonElement echo = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(emulator.FunctionUrl).Guarded());
        File.Delete(file);
        Assert.Equal("hunter2 and more", echo.GetProperty("environment").GetProperty("TOKEN").GetString());
        await emulator.ReadUntilAsync("REPORT");
        foreach (int member in KernelState.Tree(emulator.Id))
            Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync($"/proc/{member}/cmdline"), StringComparison.Ordinal);
        Assert.DoesNotContain(emulator.Output, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using EmulatorProcess emulator = EmulatorProcess.Start(Obedient, "--port", $"{port}");
        (int exitCode, string errors) = await emulator.WaitAsync();
        Assert.Equal(1, exitCode);
        Assert.Equal($"lambda-emulator: port {port} is in use on 127.0.0.1: choose another, or 0 for any free one\n", errors);
        Assert.Empty(GroupsOf(emulator.Id));
    }

    [Theory]
    [InlineData("absent", "does not exist")]
    [InlineData("plain", "is not executable: chmod +x")]
    [InlineData("text", "is neither a Linux executable (ELF) nor a script")]
    [InlineData(".", "is a directory")]
    public async Task A_bootstrap_that_cannot_run_is_explained(string name, string message)
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(directory, name);
        if (name is "plain" or "text") await File.WriteAllTextAsync(path, "nothing that can run");
#pragma warning disable CA1416 // these tests run on Linux only
        if (name is "text") File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        await using EmulatorProcess emulator = EmulatorProcess.Start(path);
        (int exitCode, string errors) = await emulator.WaitAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<int> InvokeAsync(EmulatorProcess emulator)
    {
        using var client = new HttpClient();
        string body = await client.GetStringAsync(emulator.FunctionUrl).Guarded();
        return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("pid").GetInt32();
    }

    private static FreezeMethod Method(string freeze) => freeze switch
    {
        "cgroup-v2" => FreezeMethod.CgroupV2,
        "cgroup-v1" => FreezeMethod.CgroupV1,
        _ => FreezeMethod.Signal,
    };

    private static void SkipUnlessAvailable(string freeze)
    {
        if (freeze == "cgroup-v2") Assert.SkipWhen(CgroupMount.FindV2() is null, "control group v2 is not writable here");
        if (freeze == "cgroup-v1") Assert.SkipWhen(CgroupMount.FindV1() is null, "the control group v1 freezer is not writable here");
    }

    private static IReadOnlyList<string> GroupsOf(int processId) =>
    [
        .. CgroupControllers.Wanted.Append("freezer").Select(CgroupMount.FindV1).Append(CgroupMount.FindV2()).OfType<string>()
            .SelectMany(static parent => Directory.EnumerateDirectories(parent, "lambda-emulator-*"))
            .Where(group => Path.GetFileName(group).Split('-')[3] == $"{processId}"),
    ];
}
